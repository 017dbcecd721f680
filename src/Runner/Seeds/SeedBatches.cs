using System.Collections.Immutable;
using Strata.Compiler.Text.Csv;
using Strata.Runner.Adapters.Bulk;

namespace Strata.Runner.Seeds;

/// <summary>A seed's rows as columnar batches for a bulk load.</summary>
internal static class SeedBatches
{
    private const int RowsPerBatch = 8192;

    public static IEnumerable<ColumnBatch> Create(SeedTable table, ImmutableArray<TransferType> types)
    {
        for (var start = 0; start < table.Rows.Length; start += RowsPerBatch)
        {
            var rows = table.Rows.Slice(start, Math.Min(RowsPerBatch, table.Rows.Length - start));
            yield return new ColumnBatch([.. types.Select((type, column) => Vector(rows, column, type))])
            {
                FirstRow = start,
                Count = rows.Length,
            };
        }
    }

    private static ColumnVector Vector(
        ImmutableArray<ImmutableArray<CsvField>> rows,
        int column,
        TransferType type
    ) =>
        type.Kind switch
        {
            TransferKind.Boolean => Fill(rows, column, SeedValues.ToBoolean),
            TransferKind.Int64 => Fill(rows, column, SeedValues.ToInt64),
            TransferKind.Double => Fill(rows, column, SeedValues.ToDouble),
            TransferKind.Decimal => Fill(rows, column, text => SeedValues.ToDecimal(text, type.Scale)),
            TransferKind.Date => Fill(rows, column, SeedValues.ToDate),
            TransferKind.Timestamp or TransferKind.TimestampTz => Fill(rows, column, SeedValues.ToTimestamp),
            TransferKind.Text => Texts(rows, column),
            _ => throw new ArgumentOutOfRangeException(nameof(type)),
        };

    private static Utf8Vector Texts(ImmutableArray<ImmutableArray<CsvField>> rows, int column)
    {
        var vector = Utf8Vector.Create(rows.Length);
        for (var i = 0; i < rows.Length; i++)
        {
            if (rows[i][column].Value is { } text)
                vector.SetText(i, text);
            else
                vector.Nulls[i] = true;
        }
        return vector;
    }

    private static ColumnVector<T> Fill<T>(
        ImmutableArray<ImmutableArray<CsvField>> rows,
        int column,
        Func<string, T> read
    )
    {
        var vector = new ColumnVector<T> { Nulls = new bool[rows.Length], Values = new T[rows.Length] };
        for (var i = 0; i < rows.Length; i++)
        {
            if (rows[i][column].Value is { } text)
                vector.Values[i] = read(text);
            else
                vector.Nulls[i] = true;
        }
        return vector;
    }
}
