namespace Strata.Compiler.Diagnostics;

public enum Severity
{
    Error,
    Warning,
}
