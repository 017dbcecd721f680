using Strata.Compiler.Rendering.Linking;
using Strata.Compiler.Text;

namespace Strata.Compiler.Rendering.Introspection;

/// <summary>
/// What a template wants to know from its node's engine before it can be rendered. Rendering never waits for an
/// engine: it notes the question, goes on without an answer, and is repeated once the answer is there.
/// </summary>
/// <param name="Sql">The query that answers it. Its text, with published names, is the question's identity.</param>
/// <param name="WantsColumns">Only the names and types of the query's columns are asked for, not its rows.</param>
/// <param name="Origin">The call in the template.</param>
public sealed record DatabaseQuestion(CompiledSql Sql, bool WantsColumns, SourceOrigin Origin)
{
    /// <summary>More rows than this are not an answer but a mistake.</summary>
    public const int MaxRows = 10_000;

    public string Key => (WantsColumns ? "columns of " : "rows of ") + Sql.Text;
}
