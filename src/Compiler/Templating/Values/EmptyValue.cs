namespace Strata.Compiler.Templating.Values;

/// <summary>The value of <c>empty</c>: an object without members that is false and equals every empty array and object.</summary>
internal sealed class EmptyValue : TemplateObject
{
    public static readonly EmptyValue Instance = new();

    private EmptyValue() { }

    /// <summary>It is shared by all templates: nothing can be added to it.</summary>
    public override void Set(string name, object? value) { }
}
