using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Strata.Compiler.Manifest;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Errors;

namespace Strata.Runner.Checking;

/// <summary>
/// Tells whether what an engine says of a query would be said in a run as well: the private engine has neither what hooks make nor
/// what others have put into the database.
/// </summary>
internal sealed partial class ErrorJudge(
    ProjectManifest manifest,
    IReadOnlyDictionary<string, IAdapter> adapters
)
{
    private readonly ImmutableHashSet<string> _withHooks =
    [
        .. manifest.OnRunStart.Select(hook => hook.Connection),
        .. manifest
            .Nodes.Values.OfType<ModelNode>()
            .Where(model => !model.Config.PreHooks.IsEmpty || !model.Config.PostHooks.IsEmpty)
            .Select(model => model.Connection),
    ];
    private readonly ImmutableHashSet<string> _relations = manifest
        .Nodes.Values.OfType<RelationNode>()
        .Select(node => node.Relation.Name)
        .ToImmutableHashSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the text alone is wrong, whatever it reads.</summary>
    public static bool IsSyntax(EngineError error) =>
        error.Code == "Parser"
        || error.Code == "42601" && error.Message.StartsWith("syntax error", StringComparison.Ordinal);

    /// <returns>Why the error may be none in a run; null if it is one.</returns>
    public UncheckedReason? FindDoubt(EngineError error, string connection, EngineType engine)
    {
        var text = error.Kind switch
        {
            EngineErrorKind.Statement or EngineErrorKind.Data => FindAbsence(error, connection, engine),
            EngineErrorKind.Unsupported => _withHooks.Contains(connection)
            || error.Code is "HTTP" or "Network"
                ? "it needs something that may exist only during a run"
                : null,
            EngineErrorKind.File => "it reads a file that does not exist or cannot be read now",
            _ => "the engine could not answer",
        };
        return text is null
            ? null
            : new UncheckedReason(text, null)
            {
                Details = [.. error.Message.Trim().ReplaceLineEndings("\n").Split('\n')],
            };
    }

    private string? FindAbsence(EngineError error, string connection, EngineType engine)
    {
        if (IsMissingTable(error) && MissingName().Match(error.Message) is var missing)
        {
            var name = missing.Groups["name"].Value.Split('.')[^1];
            if (_relations.Contains(name))
                return $"it reads '{name}' by its name, without 'ref' or 'source'";
            if (engine == EngineType.DuckDb && adapters.GetValueOrDefault(connection) is { IsThere: true })
                return $"it reads '{name}', which is not a node of the project";
        }
        return _withHooks.Contains(connection) && IsMissing(error)
            ? "it names something that a hook may create, and a check runs no hooks"
            : null;
    }

    private static bool IsMissingTable(EngineError error) =>
        error.Code is "42P01" or "3F000"
        || error.Code is "Catalog" or "Binder" && MissingRelation().IsMatch(error.Message);

    // functions, types, settings and sequences as well
    private static bool IsMissing(EngineError error) =>
        error.Code is "Catalog" or "42P01" or "3F000" or "42883" or "42704" || IsMissingTable(error);

    [GeneratedRegex("(Table|View|Schema) with name .* does not exist|Catalog \"[^\"]*\" does not exist")]
    private static partial Regex MissingRelation();

    [GeneratedRegex(
        "with name (\"?)(?<name>[^\\s\"!]+)\\1 does not exist|\"([^\"]*\\.)?(?<name>[^\".]+)\" does not exist"
    )]
    private static partial Regex MissingName();
}
