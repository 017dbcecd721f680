namespace Strata.Runner.Statements;

/// <summary>
/// For which node, and in which of its phases, statements are sent: known where the work is given out, told where it is logged. It goes along with
/// the work, also where that is split into several tasks.
/// </summary>
internal static class StatementScope
{
    private static readonly AsyncLocal<StatementOwner?> Current = new();

    public static StatementOwner Owner => Current.Value ?? StatementOwner.Nobody;

    /// <summary>Until it is disposed, statements are those of a node.</summary>
    /// <param name="node">Its unique id; null for what is done for several nodes.</param>
    /// <param name="phase">As in the run's results: stage, audit or publish; null between them.</param>
    public static Entered Enter(string? node, string? phase = null) => new(new StatementOwner(node, phase));

    /// <summary>The same phase, for one of its nodes.</summary>
    public static Entered EnterNode(string node) => new(Owner with { Node = node });

    internal readonly struct Entered : IDisposable
    {
        private readonly StatementOwner? _before;

        public Entered(StatementOwner owner)
        {
            _before = Current.Value;
            Current.Value = owner;
        }

        public void Dispose() => Current.Value = _before;
    }
}
