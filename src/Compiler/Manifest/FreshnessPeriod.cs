namespace Strata.Compiler.Manifest;

public enum FreshnessPeriod
{
    Minute,
    Hour,
    Day,
}
