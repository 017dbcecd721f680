using System.Collections.Immutable;
using Strata.Compiler.Text;

namespace Strata.Compiler.Rendering.Linking;

/// <summary>Compiled SQL whose relations were replaced for one execution; still knows its origin.</summary>
public sealed class BoundSql
{
    private readonly ImmutableArray<Shift> _shifts;

    internal BoundSql(string text, CompiledSql compiled, ImmutableArray<Shift> shifts)
    {
        Text = text;
        Compiled = compiled;
        _shifts = shifts;
    }

    public string Text { get; }

    public CompiledSql Compiled { get; }

    /// <summary>The offset in <see cref="CompiledSql.Text"/> of an offset in <see cref="Text"/>.</summary>
    public int ToCompiled(int offset)
    {
        var delta = 0;
        foreach (var shift in _shifts)
        {
            if (offset < shift.BoundStart)
                break;
            if (offset < shift.BoundStart + shift.BoundLength)
                return shift.Compiled.Start;
            delta = shift.Compiled.End - (shift.BoundStart + shift.BoundLength);
        }
        return offset + delta;
    }

    /// <summary>Where the character at an offset in <see cref="Text"/> was written.</summary>
    public SourceOrigin? FindOrigin(int offset) => Compiled.Map.Find(ToCompiled(offset));

    internal readonly record struct Shift(int BoundStart, int BoundLength, TextSpan Compiled);
}
