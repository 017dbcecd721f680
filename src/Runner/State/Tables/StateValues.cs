using System.Globalization;
using Strata.Compiler.Manifest.Models;
using Strata.Runner.Adapters;

namespace Strata.Runner.State.Tables;

/// <summary>Values of the state's tables, as they are read back.</summary>
internal static class StateValues
{
    public static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    public static long Number(object? value) => RowSet.Long(value);

    public static DateTimeOffset Time(object? value) =>
        value is DateTimeOffset instant
            ? instant
            : throw new InvalidOperationException($"a time of the state's tables reads '{value}'");

    /// <summary>Null where it was not noted, and for what a later version may note.</summary>
    public static Materialization? MaterializedOrNull(object? value) =>
        Enum.TryParse<Materialization>(value as string, ignoreCase: true, out var how) ? how : null;

    public static long? NumberOrNull(object? value) => value is null ? null : Number(value);
}
