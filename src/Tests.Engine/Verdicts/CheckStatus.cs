namespace Strata.Tests.Engine.Verdicts;

public enum CheckStatus
{
    Pass,
    Warn,
    Fail,
}
