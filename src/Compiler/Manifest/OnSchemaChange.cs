namespace Strata.Compiler.Manifest;

public enum OnSchemaChange
{
    Ignore,
    AppendNewColumns,
    SyncAllColumns,
    Fail,
}
