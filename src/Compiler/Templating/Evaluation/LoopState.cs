using Strata.Compiler.Templating.Values;

namespace Strata.Compiler.Templating.Evaluation;

/// <summary>What <c>for.index</c> and its kin know of the loop that runs.</summary>
internal sealed class LoopState(string kind, LoopState? outer)
{
    public string Kind { get; } = kind;
    public LoopState? Outer { get; } = outer;
    public int Index { get; set; }
    public int Length { get; init; }
    public int Column { get; set; }
    public bool HasChanged { get; set; }

    public object? Get(string name) =>
        name switch
        {
            "index" => Boxes.Of(Index),
            "rindex" => Boxes.Of(Length - Index - 1),
            "first" => Boxes.Of(Index == 0),
            "last" => Boxes.Of(Index == Length - 1),
            "even" => Boxes.Of(Index % 2 == 0),
            "odd" => Boxes.Of(Index % 2 != 0),
            "length" => Boxes.Of(Length),
            "changed" => Boxes.Of(HasChanged),
            "col" => Boxes.Of(Column),
            _ => null,
        };
}
