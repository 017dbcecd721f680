using System.Globalization;
using Strata.Compiler.Manifest.Sources;

namespace Strata.Runner.SourceFreshness;

/// <summary>Ages and statuses in words.</summary>
public static class FreshnessWords
{
    /// <summary><c>40 seconds</c>, <c>1 hour 5 minutes</c>, <c>3 days 2 hours</c>: the two largest units that say something.</summary>
    public static string Age(TimeSpan age)
    {
        (long Number, string Unit)[] parts =
        [
            ((long)age.TotalDays, "day"),
            (age.Hours, "hour"),
            (age.Minutes, "minute"),
            (age.Seconds, "second"),
        ];
        var first = Array.FindIndex(parts, part => part.Number != 0);
        if (first < 0)
            return "0 seconds";
        return string.Join(
            ' ',
            parts
                .Skip(first)
                .Take(2)
                .Where(part => part.Number != 0)
                .Select(part => Count(part.Number, part.Unit))
        );
    }

    /// <summary><c>warn after 1 hour, fail after 2 days</c></summary>
    public static string Limits(FreshnessConfig freshness) =>
        string.Join(
            ", ",
            new[]
            {
                freshness.WarnAfter is { } warn ? $"warn after {warn}" : null,
                freshness.ErrorAfter is { } error ? $"fail after {error}" : null,
            }.OfType<string>()
        );

    /// <summary>As dbt's sources.json has it.</summary>
    public static string Of(FreshnessStatus status) =>
        status switch
        {
            FreshnessStatus.Pass => "pass",
            FreshnessStatus.Warn => "warn",
            FreshnessStatus.Error => "error",
            _ => "runtime error",
        };

    public static string Of(LoadedAtBasis basis) =>
        basis switch
        {
            LoadedAtBasis.Field => "loaded_at_field",
            LoadedAtBasis.Query => "loaded_at_query",
            LoadedAtBasis.NewestFile => "newest file",
            _ => "last ingest",
        };

    private static string Count(long number, string unit) =>
        string.Create(CultureInfo.InvariantCulture, $"{number} {unit}{(number == 1 ? "" : "s")}");
}
