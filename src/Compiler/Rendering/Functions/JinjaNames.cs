using System.Collections.Frozen;
using System.Text.RegularExpressions;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Text;

namespace Strata.Compiler.Rendering.Functions;

/// <summary>How what Jinja and dbt have under some name is written here. Hints only: a name that the project has is never looked up.</summary>
internal static partial class JinjaNames
{
    public const string NoRelationParts =
        "a relation prints as it has to be written; its parts are '.schema' and '.name'";

    private static readonly FrozenDictionary<string, string> s_variables = new Dictionary<string, string>
    {
        ["none"] = "write 'null'",
        ["None"] = "write 'null'",
        ["True"] = "write 'true'",
        ["False"] = "write 'false'",
        ["loop"] = "write 'for.index' (from 0), 'for.first', 'for.last', 'for.length'",
        ["execute"] = "leave the condition out: there is no separate parse phase",
        ["exceptions"] = "write 'raise_error \"message\"'",
        ["adapter"] = "to query the engine, write 'columns_of relation' or 'run_query \"select ...\"'",
        ["modules"] = "write 'date.parse', 'date.add_days', 'regex.match' and the like",
        ["api"] = "write types as the engine names them",
        ["flags"] = "write 'is_incremental' to ask whether a batch is added",
        ["invocation_id"] = "write 'run_started_at', which is the same in the whole run",
        ["results"] = "the results of nodes are in run_results.json, and in '--report'",
        ["dbt_version"] = "leave it out: 'strata --version' prints the version",
        ["graph"] = "templates do not see the graph; 'strata ls --output json' does",
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, string> s_ofAdapter = new Dictionary<string, string>
    {
        ["get_columns_in_relation"] = "write 'columns_of relation'",
        ["quote"] = "write 'sql_identifier name'",
        ["dispatch"] = "write 'dispatch \"name\" arguments'",
        ["get_missing_columns"] = "compare what 'columns_of' returns",
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, string> s_functions = new Dictionary<string, string>
    {
        ["range"] = "write '0..<n'",
        ["return"] = "write 'ret value'",
        ["log"] = "leave it out: 'strata compile' shows what a template renders to",
        ["print"] = "leave it out: 'strata compile' shows what a template renders to",
        ["upper"] = "write 'string.upcase'",
        ["lower"] = "write 'string.downcase'",
        ["title"] = "write 'string.capitalizewords'",
        ["capitalize"] = "write 'string.capitalize'",
        ["trim"] = "write 'string.strip'",
        ["replace"] = "write 'string.replace'",
        ["split"] = "write 'string.split'",
        ["startswith"] = "write 'string.starts_with'",
        ["endswith"] = "write 'string.ends_with'",
        ["join"] = "write 'array.join'",
        ["length"] = "write 'array.size', or 'string.size' for a string",
        ["count"] = "write 'array.size'",
        ["first"] = "write 'array.first'",
        ["last"] = "write 'array.last'",
        ["sort"] = "write 'array.sort'",
        ["reverse"] = "write 'array.reverse'",
        ["unique"] = "write 'array.uniq'",
        ["map"] = "write 'array.map \"member\"', or 'array.each @function'",
        ["select"] = "write 'array.filter @function'",
        ["reject"] = "write 'array.filter @function'",
        ["append"] = "write 'list = list << item'",
        ["default"] = "write 'value ?? default'",
        ["d"] = "write 'value ?? default'",
        ["int"] = "write 'string.to_int'",
        ["float"] = "write 'string.to_double'",
        ["string"] = "write 'string.append value \"\"'",
        ["round"] = "write 'math.round'",
        ["abs"] = "write 'math.abs'",
        ["tojson"] = "write 'object.to_json'",
        ["fromjson"] = "write 'object.from_json'",
        ["keys"] = "write 'object.keys'",
        ["values"] = "write 'object.values'",
        ["items"] = "loop over the object itself: each has '.key' and '.value'",
        ["as_bool"] = "leave it out: YAML values already have their types",
        ["as_number"] = "leave it out: YAML values already have their types",
        ["as_native"] = "leave it out: YAML values already have their types",
        ["as_text"] = "leave it out: YAML values already have their types",
        ["statement"] = "write 'run_query \"select ...\"', which returns the rows",
        ["load_result"] = "write 'run_query \"select ...\"', which returns the rows",
        ["include"] = NoRelationParts,
        ["current_timestamp"] =
            "write the engine's own, or 'run_started_at' for one instant in the whole run",
        ["dateadd"] = "write the engine's own, or a macro with 'dispatch'",
        ["datediff"] = "write the engine's own, or a macro with 'dispatch'",
        ["date_trunc"] = "write the engine's own, or a macro with 'dispatch'",
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, string> s_members = new Dictionary<string, string>
    {
        ["append"] = s_functions["append"],
        ["items"] = s_functions["items"],
    }.ToFrozenDictionary();

    /// <param name="member">The name behind the dot that follows an unknown variable, if there is one.</param>
    public static string? HintFor(string code, SourceSpan span, string? member) =>
        code switch
        {
            TemplateDiagnostics.Undefined => OfVariable(span.Text, member),
            TemplateDiagnostics.NoFunction => OfFunction(span.Text),
            TemplateDiagnostics.NoMember => s_members.GetValueOrDefault(span.Text),
            _ => null,
        };

    private static string? OfVariable(string name, string? member) =>
        name == "adapter" && member is not null && s_ofAdapter.TryGetValue(member, out var hint) ? hint
        : s_variables.TryGetValue(name, out hint) ? hint
        : TemplateDiagnostics.OperatorFor(name) is { } written ? written
        : member is not null && s_members.TryGetValue(member, out hint) ? hint
        : null;

    private static string? OfFunction(string callee)
    {
        var name = callee[(callee.LastIndexOf('.') + 1)..];
        return s_functions.GetValueOrDefault(name)
            ?? TemplateDiagnostics.OperatorFor(name)
            ?? (TypeMacro().IsMatch(callee) ? "write the type as the engine names it" : null);
    }

    [GeneratedRegex("^type_[a-z]+$")]
    private static partial Regex TypeMacro();
}
