using Strata.Runner.Adapters.Values;

namespace Strata.Runner.Adapters.Bulk;

/// <summary>The values of one column in one batch; see <see cref="IBatchReader.Recycle"/> for how long they last.</summary>
public abstract class ColumnVector
{
    /// <summary>One flag a row; only the first <see cref="ColumnBatch.Count"/> count. The value of a null is undefined.</summary>
    public required bool[] Nulls { get; init; }

    /// <summary>A vector of the element type that <see cref="TransferKind"/> gives for the kind.</summary>
    public static ColumnVector Create(TransferType type, int capacity) =>
        type.Kind switch
        {
            TransferKind.Boolean => Of<bool>(capacity),
            TransferKind.Int16 => Of<short>(capacity),
            TransferKind.Int32 or TransferKind.Date => Of<int>(capacity),
            TransferKind.Int64
            or TransferKind.Time
            or TransferKind.Timestamp
            or TransferKind.TimestampNs
            or TransferKind.TimestampTz => Of<long>(capacity),
            TransferKind.Int128 or TransferKind.Decimal => Of<Int128>(capacity),
            TransferKind.Float => Of<float>(capacity),
            TransferKind.Double => Of<double>(capacity),
            TransferKind.Text or TransferKind.Json or TransferKind.Number or TransferKind.Bits =>
                Utf8Vector.Create(capacity),
            TransferKind.Bytes => Of<byte[]>(capacity),
            TransferKind.TimeTz => Of<TimeTzValue>(capacity),
            TransferKind.Interval => Of<IntervalValue>(capacity),
            TransferKind.Uuid => Of<Guid>(capacity),
            TransferKind.List => Of<object?[]>(capacity),
            _ => throw new ArgumentOutOfRangeException(nameof(type), type.Kind, "has no values"),
        };

    /// <summary>Forgets all rows: they are null until they are set.</summary>
    public virtual void Clear() => Nulls.AsSpan().Fill(true);

    /// <summary>The first values as objects, nulls as null: the form of a list's elements.</summary>
    public abstract object?[] ToObjects(int count);

    /// <summary>The inverse of <see cref="ToObjects"/> for one value.</summary>
    public abstract void Set(int row, object? value);

    private static ColumnVector<T> Of<T>(int capacity) =>
        new() { Nulls = new bool[capacity], Values = new T[capacity] };
}

public sealed class ColumnVector<T> : ColumnVector
{
    public required T[] Values { get; init; }

    public override object?[] ToObjects(int count)
    {
        var objects = new object?[count];
        for (var i = 0; i < count; i++)
            objects[i] = Nulls[i] ? null : Values[i];
        return objects;
    }

    public override void Set(int row, object? value)
    {
        Nulls[row] = value is null;
        if (value is T known)
            Values[row] = known;
        else if (value is not null)
            throw new InvalidCastException($"a {value.GetType().Name} among values of {typeof(T).Name}");
    }
}
