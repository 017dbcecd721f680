namespace Strata.Simulators.Events;

/// <summary>
/// SplitMix64 (Steele, Lea, Flood 2014). <see cref="System.Random"/> does not promise the same numbers in the next
/// version of .NET; a landing zone that a test counts must not change with the runtime.
/// </summary>
internal struct SeededRandom
{
    private const ulong Increment = 0x9E3779B97F4A7C15;
    private ulong _state;

    /// <summary>A stream of its own for every combination of parts, so that any event can be made without those before it.</summary>
    public SeededRandom(long seed, long first, long second = 0)
    {
        _state = Mix((ulong)seed + Increment);
        _state = Mix(_state ^ ((ulong)first * 0xD1B54A32D192ED03));
        _state = Mix(_state ^ ((ulong)second * 0x8CB92BA72F3D8DD7));
    }

    public ulong NextBits()
    {
        _state += Increment;
        return Mix(_state);
    }

    /// <summary>At least 0, less than 1.</summary>
    public double NextFraction() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>At least 0, less than <paramref name="bound"/>.</summary>
    public int NextBelow(int bound) => (int)(NextFraction() * bound);

    public bool NextChance(double probability) => NextFraction() < probability;

    private static ulong Mix(ulong bits)
    {
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        return bits ^ (bits >> 31);
    }
}
