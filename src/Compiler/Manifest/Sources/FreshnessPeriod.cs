namespace Strata.Compiler.Manifest.Sources;

public enum FreshnessPeriod
{
    Minute,
    Hour,
    Day,
}
