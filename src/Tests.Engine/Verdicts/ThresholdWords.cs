using System.Globalization;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Tests;

namespace Strata.Tests.Engine.Verdicts;

/// <summary>When a test fails, as the project has written it: <c>error_if > 10, warn_if != 0</c>.</summary>
public static class ThresholdWords
{
    public static string Of(TestNode test)
    {
        var config = test.Config;
        var mostly = config.Mostly ?? Number(test.Arguments.GetValueOrDefault("mostly")?.Value);
        var warnIf = $"warn_if {config.WarnIf.Trim()}";
        var isLimited = mostly is not null || config.ErrorIf.Trim() != Threshold.Any;
        // severity warn never looks at error_if, quarantine only at one that was set; the same condition twice is one threshold
        var text =
            config.Severity == TestSeverity.Warn ? warnIf
            : config.Severity == TestSeverity.Quarantine && !isLimited ? warnIf
            : config.WarnIf.Trim() == config.ErrorIf.Trim() ? $"error_if {config.ErrorIf.Trim()}"
            : $"error_if {config.ErrorIf.Trim()}, {warnIf}";
        if (mostly is not { } share)
            return text;
        var head = string.Create(CultureInfo.InvariantCulture, $"mostly {share}");
        return config.WarnIf.Trim() == Threshold.Any && config.ErrorIf.Trim() == Threshold.Any
            ? head
            : $"{head}, {text}";
    }

    private static double? Number(object? value) => Catalog.CheckArguments.ToNumber(value);
}
