using System.Collections.Immutable;
using Strata.Runner.Adapters.Bulk;

namespace Strata.Runner.Files.Landing.Columns;

/// <summary>What the rows of a source's text files are made of.</summary>
/// <param name="Declared">The declared columns that come from the files.</param>
/// <param name="Fields">These, and others of the headers that the source takes.</param>
/// <param name="Partitions">Columns that come from folders.</param>
internal sealed record LandedShape(
    ImmutableArray<string> Declared,
    ImmutableArray<string> Fields,
    ImmutableArray<string> Partitions
)
{
    private static readonly TransferType TextType = new(TransferKind.Text);
    private static readonly TransferType NumberType = new(TransferKind.Int64);

    /// <summary>All columns, in the order in which rows have them.</summary>
    public ImmutableArray<TransferColumn> Columns { get; } =
    [
        Text(LandedColumn.File),
        Number(LandedColumn.Row),
        Number(LandedColumn.Line),
        Text(LandedColumn.Problem),
        Text(LandedColumn.Raw),
        Text(LandedColumn.Rescued),
        .. Fields.Select(Text),
        .. Partitions.Select(Text),
    ];

    private static TransferColumn Text(string name) => new(name, TextType, "text");

    private static TransferColumn Number(string name) => new(name, NumberType, "bigint");
}
