using System.Collections.Immutable;
using System.Text;
using Strata.Compiler.Text;

namespace Strata.Compiler.Rendering.Linking;

/// <summary>
/// One rendering of a template: SQL in which every relation has its published name, where those names
/// stand, and the map back to the template.
/// </summary>
public sealed record CompiledSql(string Text, SourceMap Map, ImmutableArray<RelationReference> References)
{
    /// <summary>The references that are read: those in comments are words.</summary>
    public IEnumerable<RelationReference> Reads => References.Where(reference => !reference.IsInComment);

    /// <summary>
    /// The SQL with other relations in place of some references. Those in comments stay: what replaces them may have several lines, or comments
    /// of its own.
    /// </summary>
    /// <param name="replacement">The text for a reference (already quoted), or null to keep the published name.</param>
    public BoundSql Bind(Func<RelationReference, string?> replacement)
    {
        var text = new StringBuilder(Text.Length + 64);
        var shifts = ImmutableArray.CreateBuilder<BoundSql.Shift>();
        var copied = 0;
        foreach (var reference in Reads)
        {
            if (replacement(reference) is not { } other)
                continue;
            text.Append(Text, copied, reference.Span.Start - copied);
            shifts.Add(new BoundSql.Shift(text.Length, other.Length, reference.Span));
            text.Append(other);
            copied = reference.Span.End;
        }
        text.Append(Text, copied, Text.Length - copied);
        return new BoundSql(text.ToString(), this, shifts.ToImmutable());
    }

    /// <summary>The SQL as it stands.</summary>
    public BoundSql Unbound() => new(Text, this, []);
}
