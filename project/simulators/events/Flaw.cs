namespace Strata.Simulators.Events;

public enum Flaw
{
    None,
    Truncated,
    Garbage,
    UnknownType,
    MissingUser,
    BadTimestamp,
}
