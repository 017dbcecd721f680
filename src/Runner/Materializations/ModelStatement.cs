using Strata.Compiler.Rendering.Linking;
using Strata.Compiler.Text;
using Strata.Runner.Adapters.Errors;

namespace Strata.Runner.Materializations;

/// <summary>A statement around a node's own SQL, so that an engine's error can be led back to the template.</summary>
/// <param name="Text">What is sent to the engine.</param>
/// <param name="Body">The node's SQL inside of it, if there is one.</param>
/// <param name="BodyOffset">Where the body begins in <paramref name="Text"/>.</param>
public sealed record ModelStatement(string Text, BoundSql? Body = null, int BodyOffset = 0)
{
    /// <summary>What messages call it, if not by the node that it is for: <c>pre_hook 2 of 'orders'</c>.</summary>
    public string? Subject { get; init; }

    /// <summary>Where it is written, if not with the node that it is for; messages then show its text.</summary>
    public SourceSpan? Place { get; init; }

    /// <summary>What to do where the engine refuses a value, if more is known than it says itself.</summary>
    public string? DataHint { get; init; }

    /// <summary>The place in the template that an engine's error is about, with where that is in the compiled SQL.</summary>
    /// <param name="otherwise">The place where it leads to none.</param>
    public (SourceSpan Span, string? Suffix) Locate(EngineError error, SourceSpan otherwise)
    {
        if (
            error.Position is not { } position
            || Body is not { } body
            || position < BodyOffset
            || body.FindOrigin(position - BodyOffset) is not { } origin
        )
            return (otherwise, null);
        var compiled = new SourceText("", body.Compiled.Text);
        var line = compiled.GetPosition(body.ToCompiled(position - BodyOffset)).Line;
        return (origin.Span, $"compiled: line {line}");
    }

    public static ModelStatement Around(string before, BoundSql body) =>
        new(before + WithoutEnd(body.Text), body, before.Length);

    /// <summary>A query cannot be part of a statement with its semicolon.</summary>
    private static string WithoutEnd(string sql) => sql.TrimEnd().TrimEnd(';').TrimEnd();
}
