namespace Strata.Simulators.Events;

/// <summary>
/// Who uses the shop: a base that grows every day, a fifth of it active at any time. An active user holds a slot for
/// a week; the slots change hands on different days.
/// </summary>
internal sealed class Population(long seed)
{
    private const int UsersAtStart = 1_000;
    private const int NewUsersPerDay = 20;
    private const double ShareOfActive = 0.2;
    private const double EventsByActive = 0.8;
    private const double NewcomersAmongOthers = 0.25;
    private const int DaysPerSlot = 7;

    public static int SizeOn(int day) => UsersAtStart + NewUsersPerDay * day;

    public int PickUser(int day, ref SeededRandom random)
    {
        var size = SizeOn(day);
        if (random.NextChance(EventsByActive))
        {
            var slot = random.NextBelow((int)(size * ShareOfActive));
            return HolderOf(slot, (day + slot) / DaysPerSlot);
        }
        return random.NextChance(NewcomersAmongOthers)
            ? size - random.NextBelow(NewUsersPerDay)
            : 1 + random.NextBelow(size);
    }

    /// <summary>The holder's term decides, not the day: the base as it was when the term began.</summary>
    private int HolderOf(int slot, int term)
    {
        var firstDay = Math.Max(0, term * DaysPerSlot - slot);
        return 1 + new SeededRandom(seed, slot, -1 - term).NextBelow(SizeOn(firstDay));
    }
}
