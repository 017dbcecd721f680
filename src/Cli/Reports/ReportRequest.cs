using System.Collections.Immutable;

namespace Strata.Cli.Reports;

/// <summary>One report that was asked for.</summary>
/// <param name="Path">As typed; empty for annotations, which are printed.</param>
public sealed record ReportRequest(ReportFormat Format, string Path)
{
    private const string None = "none";

    /// <summary>What <c>--report</c> may say.</summary>
    public const string Syntax = "junit=<file>, html=<file>, json=<file>, github or none";

    /// <summary>Understands the values of <c>--report</c>. On GitHub's runners annotations need not be asked for.</summary>
    /// <param name="isOnGitHub">Whether one of GitHub's runners runs this.</param>
    /// <param name="problem">Why the result is null.</param>
    public static ImmutableArray<ReportRequest>? Parse(
        IReadOnlyCollection<string> values,
        bool isOnGitHub,
        out string problem
    )
    {
        problem = "";
        var requests = ImmutableArray.CreateBuilder<ReportRequest>();
        foreach (var value in values.Where(value => value != None))
        {
            if (Parse(value) is not { } request)
            {
                problem = $"'{value}' is none of {Syntax}";
                return null;
            }
            requests.Add(request);
        }
        if (isOnGitHub && !values.Contains(None) && requests.All(one => one.Format != ReportFormat.GitHub))
            requests.Add(new ReportRequest(ReportFormat.GitHub, ""));
        return [.. requests.Distinct()];
    }

    private static ReportRequest? Parse(string value)
    {
        if (value == "github")
            return new ReportRequest(ReportFormat.GitHub, "");
        var equals = value.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0 || equals == value.Length - 1)
            return null;
        ReportFormat? format = value[..equals] switch
        {
            "junit" => ReportFormat.JUnit,
            "html" => ReportFormat.Html,
            "json" => ReportFormat.Json,
            _ => null,
        };
        return format is { } known ? new ReportRequest(known, value[(equals + 1)..]) : null;
    }
}
