namespace Strata.Runner.Materializations;

/// <summary>One statement of a publish.</summary>
/// <param name="Updating">Of an update: <c>from ... where ...</c> that gives the rows of <c>target</c> which it is about to change.</param>
public sealed record PublishStep(string Sql, RowEffect Effect = RowEffect.None, string? Updating = null);
