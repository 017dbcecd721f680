using Strata.Compiler.Manifest;
using Strata.Compiler.Sql;
using Strata.Tests.Engine.Dialects;
using Strata.Tests.Engine.Planning;

namespace Strata.Tests.Engine.Catalog;

/// <summary>Whether a test says of each row by itself that it passes or fails, so that failing rows can be diverted.</summary>
internal static class RowJudgement
{
    /// <param name="test">With arguments that are known to be right.</param>
    public static bool IsByRow(Expectation expectation, TestNode test)
    {
        // what needs to know the columns is about the columns
        if (expectation.NeedsColumns || SqlDialects.Find(test.Engine) is not { } dialect)
            return false;
        var relation = new CheckRelation("relation", "relation", null);
        var context = new CheckContext(
            CheckDialect.For(dialect),
            test,
            new CheckArguments(expectation, test),
            relation,
            null,
            _ => relation,
            DateTimeOffset.UnixEpoch
        );
        return expectation.Build(context).FailingRow is not null;
    }
}
