namespace Strata.Compiler.Manifest.Tests;

/// <summary>What the table is called that keeps the rows which tests of a node have set aside.</summary>
public static class QuarantineName
{
    public const string Suffix = "__quarantine";
}
