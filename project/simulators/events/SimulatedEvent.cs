namespace Strata.Simulators.Events;

/// <param name="Arrival">When it reaches the landing zone; decides the folder and the file.</param>
/// <param name="Happened">What its timestamp says; earlier than the arrival when it comes late.</param>
/// <param name="OffsetHours">The client's own distance from UTC, which its timestamp is written with.</param>
/// <param name="Salt">Random bits for what the flaws look like.</param>
public readonly record struct SimulatedEvent(
    Guid EventId,
    int UserId,
    string EventType,
    string Page,
    string Source,
    DateTime Arrival,
    DateTime Happened,
    int OffsetHours,
    Flaw Flaw,
    ulong Salt
)
{
    public bool IsLate => DateOnly.FromDateTime(Happened) < DateOnly.FromDateTime(Arrival);
}
