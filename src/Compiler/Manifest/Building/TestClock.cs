using System.Collections;
using Strata.Compiler.Project;
using Strata.Compiler.Rendering;

namespace Strata.Compiler.Manifest.Building;

/// <summary>Whether a test's verdict depends on the time: its expectation's does, or its SQL asks for it.</summary>
internal static class TestClock
{
    public static bool IsRead(TestNode test, ITestCatalog tests) =>
        tests.ReadsClock(test)
        || test.Arguments.Values.SelectMany(argument => Texts(argument.Value))
            .Concat(Texts(test.Config.Where))
            .Concat(Texts(test.Config.FailCalc))
            .Concat(Texts(test.Query?.Text))
            .Any(ClockOverride.IsNeeded);

    // wrong guesses cost a scan and nothing else
    private static IEnumerable<string> Texts(object? value) =>
        value switch
        {
            string text => [text],
            IReadOnlyDictionary<string, object?> map => map.Values.SelectMany(Texts),
            IEnumerable items => items.Cast<object?>().SelectMany(Texts),
            _ => [],
        };
}
