namespace Strata.Runner.Statements;

/// <param name="Node">The unique id of the node; null for what belongs to none, such as the state of the run.</param>
/// <param name="Phase">The phase of the node; null where it is in none.</param>
internal sealed record StatementOwner(string? Node, string? Phase)
{
    public static StatementOwner Nobody { get; } = new(null, null);
}
