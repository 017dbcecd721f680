namespace Strata.Compiler.Templating;

/// <summary>Finds the templates that <c>include</c> names. Must be safe to share between threads.</summary>
public interface ITemplateLoader
{
    /// <summary>The parsed template, or null where there is none of that name.</summary>
    Template? Load(string name);
}
