namespace Strata.Compiler.Templating.BuiltIns;

/// <summary>
/// An object of built-in functions, such as <c>string</c>. The shared one is never changed: a template that
/// sets a member, as in <c>date.format = "%F"</c>, gets a copy of its own.
/// </summary>
internal sealed class BuiltInObject : TemplateObject
{
    private BuiltInObject(string name, IEnumerable<KeyValuePair<string, object?>> members)
        : base(members) => Name = name;

    public string Name { get; }

    public static BuiltInObject Create(
        string name,
        IEnumerable<BuiltInFunction> functions,
        params IEnumerable<KeyValuePair<string, object?>> constants
    ) =>
        new(
            name,
            functions
                .Select(function =>
                    KeyValuePair.Create(function.Name[(name.Length + 1)..], (object?)function)
                )
                .Concat(constants)
        );

    public BuiltInObject Copy() => new(Name, this);
}
