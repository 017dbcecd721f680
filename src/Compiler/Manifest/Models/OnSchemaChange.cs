namespace Strata.Compiler.Manifest.Models;

public enum OnSchemaChange
{
    Ignore,
    AppendNewColumns,
    SyncAllColumns,
    Fail,
}
