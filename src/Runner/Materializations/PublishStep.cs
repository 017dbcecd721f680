namespace Strata.Runner.Materializations;

public sealed record PublishStep(string Sql, RowEffect Effect = RowEffect.None);
