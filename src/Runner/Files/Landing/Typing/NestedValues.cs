using System.Globalization;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Sources;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters.Values;

namespace Strata.Runner.Files.Landing.Typing;

/// <summary>
/// Takes values of a nested type apart, so that each value in them is held against its own type as that of a column is. First all values
/// within are read as text, which leaves out keys that are not declared; what these texts do not fit is looked for next; last they are cast.
/// </summary>
internal sealed class NestedValues
{
    /// <summary>Options of csv are for values that stand alone.</summary>
    private static readonly CsvDialect Plain = new();

    private readonly SqlDialect _dialect;
    private readonly bool _isJson;
    private int _names;

    private NestedValues(SqlDialect dialect, bool isJson) => (_dialect, _isJson) = (dialect, isJson);

    /// <param name="value">An expression that gives text.</param>
    /// <param name="isJson">Whether the text is JSON, or else as the engine writes such values.</param>
    /// <param name="file">An expression for the path of the file, where what does not fit is an error of the engine; null where it is null.</param>
    public static TypedColumn Create(
        SqlDialect dialect,
        ColumnInfo column,
        NestedType type,
        string value,
        bool isJson,
        string? file = null
    )
    {
        var values = new NestedValues(dialect, isJson);
        var declared = column.DataType ?? "";
        var json = $"try_cast({value} as json)";
        var texts = isJson ? values.Texts(type, json) : $"try_cast({value} as {values.TextsOf(type)})";
        var problem = values.Problem(column.Name, declared, type, value, json, texts);
        var fitting = HasOwnCast(type) ? values.Let(texts, found => values.Rebuilt(type, found)) : texts;
        var other = file is null
            ? ""
            : $" else cast({MisfitError.Text(file, problem)} as {values.TextsOf(type)})";
        // no case of the engine gives arrays, for which it is within the cast
        var typed = $"case when {problem} is null then {fitting}{other} end";
        return new TypedColumn(
            column.Name,
            value,
            values.IsTaken(type) ? typed : $"try_cast({typed} as {declared})",
            $"({problem} is not null)"
        )
        {
            Problem = problem,
        };
    }

    /// <summary>The first that does not fit, in words; null where all do.</summary>
    private string Problem(
        string column,
        string declared,
        NestedType type,
        string value,
        string json,
        string texts
    )
    {
        var kind = _isJson ? $"coalesce(json_type({json}), '') <> '{JsonKind(type)}'" : $"{texts} is null";
        var problems = new List<string>
        {
            $"case when {IsThere(value)} and {kind} then {Words(column, value, _isJson ? Kind(type) : declared)} end",
        };
        if (_isJson && HasInner(type))
            problems.Add(Let(json, root => Coalesce(Kinds(type, root, "", column))));
        if (Misfits(type, "", column).Any())
            problems.Add(Let(texts, found => Coalesce(Misfits(type, found, column))));
        return Coalesce(problems);
    }

    /// <summary>Of lists, structs and maps within: whether there is one.</summary>
    private IEnumerable<string> Kinds(NestedType type, string json, string pointer, string path)
    {
        switch (type)
        {
            case NestedType.Struct { Fields: var fields }:
                foreach (var (name, inner) in fields.Where(field => field.Type is not NestedType.Scalar))
                {
                    var step = name.Replace("~", "~0", StringComparison.Ordinal)
                        .Replace("/", "~1", StringComparison.Ordinal);
                    var to = $"{pointer}/{step}";
                    yield return OfKind(inner, json, to, $"{path}.{name}");
                    foreach (var problem in Kinds(inner, json, to, $"{path}.{name}"))
                        yield return problem;
                }
                break;
            case NestedType.List { Element: var element } when element is not NestedType.Scalar:
                yield return First($"try_cast({At(json, pointer)} as json[])", element, $"{path}[]");
                break;
            case NestedType.Map { Value: var inner } when inner is not NestedType.Scalar:
                yield return First(
                    $"map_values(try_cast({At(json, pointer)} as map(varchar, json)))",
                    inner,
                    $"{path}[]"
                );
                break;
        }

        string First(string elements, NestedType inner, string at) =>
            FirstOf(elements, one => Coalesce([OfKind(inner, one, "", at), .. Kinds(inner, one, "", at)]));
    }

    private string OfKind(NestedType type, string json, string pointer, string path)
    {
        var value = At(json, pointer);
        return $"case when coalesce(json_type({value}), 'NULL') not in ('NULL', '{JsonKind(type)}') then {Words(path, value, Kind(type))} end";
    }

    // JSON has null for what is not there
    private string IsThere(string text) =>
        _isJson ? $"{text} is not null" : $"nullif({text}, '') is not null";

    private string At(string json, string pointer) =>
        pointer.Length == 0 ? json : $"json_extract({json}, {_dialect.QuoteString(pointer)})";

    /// <param name="texts">A value in which all are texts.</param>
    private IEnumerable<string> Misfits(NestedType type, string texts, string path)
    {
        switch (type)
        {
            case NestedType.Scalar when IsTaken(type):
                break;
            case NestedType.Scalar { Name: var name }:
                yield return $"case when {IsThere(texts)} and {TypedScalar(name, texts)} is null then {Words(path, texts, name)} end";
                break;
            case NestedType.Struct { Fields: var fields }:
                foreach (var (name, inner) in fields)
                {
                    foreach (var problem in Misfits(inner, Field(texts, name), $"{path}.{name}"))
                        yield return problem;
                }
                break;
            case NestedType.List { Element: var element, Length: var length }:
                if (length is { } count)
                    yield return string.Create(
                        CultureInfo.InvariantCulture,
                        $"case when len({texts}) <> {count} then {Words(path, texts, $"array of {count}")} end"
                    );
                if (Misfits(element, "", "").Any())
                    yield return FirstOf(texts, one => Coalesce(Misfits(element, one, $"{path}[]")));
                break;
            case NestedType.Map { Key: var key, Value: var inner }:
                var keys = $"map_keys({texts})";
                if (key is NestedType.Scalar { Name: var keyType } && !IsTaken(key))
                {
                    yield return FirstOf(
                        keys,
                        one =>
                            $"case when {TypedScalar(keyType, one)} is null then {Words(path, one, keyType)} end"
                    );
                    keys = $"list_transform({keys}, {Lambda(one => TypedScalar(keyType, one))})";
                }
                yield return $"case when len(list_distinct({keys})) <> len({keys}) then {Words(path, texts, "map: a key is there twice")} end";
                if (Misfits(inner, "", "").Any())
                    yield return FirstOf(
                        $"map_values({texts})",
                        one => Coalesce(Misfits(inner, one, $"{path}[]"))
                    );
                break;
        }
    }

    /// <summary>The texts, with the casts that the engine does not have.</summary>
    /// <param name="texts">A value in which all are texts, and fit.</param>
    private string Rebuilt(NestedType type, string texts) =>
        !HasOwnCast(type)
            ? texts
            : type switch
            {
                NestedType.Scalar scalar => TypedScalar(scalar.Name, texts),
                NestedType.Struct { Fields: var fields } => $"case when {texts} is not null then struct_pack("
                    + string.Join(
                        ", ",
                        fields.Select(field =>
                            $"{_dialect.QuoteIdentifier(field.Name)} := {Rebuilt(field.Type, Field(texts, field.Name))}"
                        )
                    )
                    + ") end",
                NestedType.List list =>
                    $"list_transform({texts}, {Lambda(one => Rebuilt(list.Element, one))})",
                NestedType.Map map => $"map_from_entries(list_transform(map_entries({texts}), "
                    + $"{Lambda(one => $"struct_pack(k := {Rebuilt(map.Key, $"{one}.key")}, v := {Rebuilt(map.Value, $"{one}.value")})")}))",
                _ => throw new InvalidOperationException($"{type} is no type"),
            };

    private string TypedScalar(string type, string text) => TypedColumn.FromText(_dialect, type, text, Plain);

    private string Texts(NestedType type, string json) =>
        $"json_transform({json}, {_dialect.QuoteString(PlainJson.Of(TextsOf(type)))})";

    /// <summary>The type with text in the place of every scalar.</summary>
    private string TextsOf(NestedType type) =>
        type switch
        {
            NestedType.Struct { Fields: var fields } =>
                $"struct({string.Join(", ", fields.Select(field => $"{_dialect.QuoteIdentifier(field.Name)} {TextsOf(field.Type)}"))})",
            NestedType.List list => $"{TextsOf(list.Element)}[]",
            NestedType.Map map => $"map(varchar, {TextsOf(map.Value)})",
            NestedType.Scalar scalar when _isJson && IsJson(scalar.Name) => "json",
            _ => "varchar",
        };

    /// <summary>Whether the texts are the values.</summary>
    private bool IsTaken(NestedType type) =>
        type switch
        {
            NestedType.Scalar scalar => TypedColumn.IsText(scalar.Name) || (_isJson && IsJson(scalar.Name)),
            NestedType.Struct { Fields: var fields } => fields.All(field => IsTaken(field.Type)),
            NestedType.List list => list.Length is null && IsTaken(list.Element),
            NestedType.Map map => IsTaken(map.Key) && IsTaken(map.Value),
            _ => false,
        };

    private static bool HasOwnCast(NestedType type) =>
        type switch
        {
            NestedType.Scalar scalar => TypedColumn.HasOwnCast(scalar.Name),
            NestedType.Struct { Fields: var fields } => fields.Any(field => HasOwnCast(field.Type)),
            NestedType.List list => HasOwnCast(list.Element),
            NestedType.Map map => HasOwnCast(map.Key) || HasOwnCast(map.Value),
            _ => false,
        };

    /// <summary>Whether there are structs, lists or maps in it.</summary>
    private static bool HasInner(NestedType type) =>
        type switch
        {
            NestedType.Struct { Fields: var fields } => fields.Any(field =>
                field.Type is not NestedType.Scalar
            ),
            NestedType.List list => list.Element is not NestedType.Scalar,
            NestedType.Map map => map.Value is not NestedType.Scalar,
            _ => false,
        };

    private static bool IsJson(string type) => type.Equals("json", StringComparison.OrdinalIgnoreCase);

    private static string JsonKind(NestedType type) => type is NestedType.List ? "ARRAY" : "OBJECT";

    private static string Kind(NestedType type) =>
        type switch
        {
            NestedType.List => "list",
            NestedType.Map => "map",
            _ => "struct",
        };

    private string Field(string value, string name) =>
        $"struct_extract({value}, {_dialect.QuoteString(name)})";

    private string Words(string path, string value, string type) =>
        $"{_dialect.QuoteString($"column '{path}': '")} || left(cast({value} as varchar), 100) || {_dialect.QuoteString($"' is not a valid {type}")}";

    private string FirstOf(string list, Func<string, string> problem) =>
        $"list_any_value(list_transform({list}, {Lambda(problem)}))";

    /// <summary>A value that is needed several times is worked out once.</summary>
    private string Let(string value, Func<string, string> body) =>
        $"list_transform([{value}], {Lambda(body)})[1]";

    private string Lambda(Func<string, string> body)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"__strata_v{++_names}");
        return $"lambda {name}: {body(name)}";
    }

    private static string Coalesce(IEnumerable<string> problems)
    {
        var all = problems.ToList();
        return all.Count == 1 ? all[0] : $"coalesce({string.Join(", ", all)})";
    }
}
