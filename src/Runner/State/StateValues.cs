using System.Globalization;

namespace Strata.Runner.State;

/// <summary>Values of the state's tables, as they are read back.</summary>
internal static class StateValues
{
    public static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    public static long Number(object? value) => Convert.ToInt64(value, CultureInfo.InvariantCulture);

    public static DateTimeOffset Time(object? value) =>
        value is DateTimeOffset instant
            ? instant
            : throw new InvalidOperationException($"a time of the state's tables reads '{value}'");

    public static long? NumberOrNull(object? value) => value is null ? null : Number(value);
}
