using Strata.Simulators.Events;

namespace Strata.Simulators.Tests;

/// <summary>How files come to lie where they lie: the same for the same seed, whole or not at all, never changed.</summary>
public sealed class LandingTests : IDisposable
{
    private readonly TemporaryFolder _first = new();
    private readonly TemporaryFolder _second = new();

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
    }

    [Fact]
    public void Run_SameSeed_SameBytes()
    {
        Land(_first, Options);
        Land(_second, Options);
        Contents(_second).ShouldBe(Contents(_first));
    }

    [Fact]
    public void Run_OtherSeed_OtherBytes()
    {
        Land(_first, Options);
        Land(_second, Options with { Seed = 43 });
        Contents(_second).Keys.ShouldBe(Contents(_first).Keys);
        Contents(_second).Values.ShouldNotBe(Contents(_first).Values);
    }

    [Fact]
    public void Run_DayByDay_LandsWhatOneGoLands()
    {
        Land(_first, Options with { ToDay = 8 });
        Land(_second, Options with { ToDay = 3 });
        Land(_second, Options with { FromDay = 4, ToDay = 6 });
        Land(_second, Options with { AppendDay = true });
        Land(_second, Options with { AppendDay = true });
        Contents(_second).ShouldBe(Contents(_first));
    }

    [Fact]
    public void Run_InAnEmptyZoneWithAppendDay_LandsTheFirstDay()
    {
        Land(_first, Options with { AppendDay = true });
        Contents(_first).Keys.ShouldAllBe(path => path.StartsWith("year=2026/month=01/day=01/"));
    }

    [Fact]
    public void Run_AgainOverTheSameZone_TouchesNothing()
    {
        Land(_first, Options);
        var times = Times(_first);
        var report = Land(_first, Options);
        report.Files.ShouldBe(0);
        report.UnchangedFiles.ShouldBe(Options.Days * 4);
        Times(_first).ShouldBe(times);
    }

    [Fact]
    public void Run_OverFilesOfAnotherSeed_RefusesAndLeavesThem()
    {
        Land(_first, Options);
        var before = Contents(_first);
        var problem = Should.Throw<IOException>(() => Land(_first, Options with { Seed = 7 }));
        problem.Message.ShouldContain("landed files never change");
        Contents(_first).ShouldBe(before);
    }

    [Fact]
    public void Run_AfterAWriterDied_ReplacesTheHalfWrittenFile()
    {
        var half = _first.Write("year=2026/month=01/day=01/events-00.jsonl.tmp", "{\"event_id\":");
        Land(_first, Options);
        File.Exists(half).ShouldBeFalse();
        Contents(_first).Keys.ShouldAllBe(path => path.EndsWith(".jsonl"));
    }

    [Fact]
    public void Run_TwoHundredThousandEvents_KeepsTheNumberExactly()
    {
        var report = Land(_first, new SimulatorOptions { Out = "", ToDay = 30 });
        report.Events.ShouldBe(200_000);
        report.Files.ShouldBe(120);
    }

    private static SimulatorOptions Options =>
        new()
        {
            Out = "",
            Days = 6,
            Events = 3_000,
        };

    private static LandingReport Land(TemporaryFolder folder, SimulatorOptions options) =>
        new Simulation(options with { Out = folder.Path }).Run(CancellationToken.None);

    private static SortedDictionary<string, string> Contents(TemporaryFolder folder) =>
        new(
            Files(folder).ToDictionary(path => Relative(folder, path), File.ReadAllText),
            StringComparer.Ordinal
        );

    private static SortedDictionary<string, DateTime> Times(TemporaryFolder folder) =>
        new(Files(folder).ToDictionary(path => path, File.GetLastWriteTimeUtc), StringComparer.Ordinal);

    private static IEnumerable<string> Files(TemporaryFolder folder) =>
        Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories);

    private static string Relative(TemporaryFolder folder, string path) =>
        Path.GetRelativePath(folder.Path, path).Replace('\\', '/');
}
