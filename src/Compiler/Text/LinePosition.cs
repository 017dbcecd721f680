namespace Strata.Compiler.Text;

/// <summary>A place in a text as editors count it: both numbers start at 1; columns count UTF-16 code units.</summary>
public readonly record struct LinePosition(int Line, int Column)
{
    public override string ToString() => $"{Line}:{Column}";
}
