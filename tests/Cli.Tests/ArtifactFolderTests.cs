using System.Diagnostics;
using System.Globalization;
using Strata.Cli.Output;
using Strata.Cli.Session;

namespace Strata.Cli.Tests;

public sealed class ArtifactFolderTests : IDisposable
{
    private static readonly DateTime Now = new(2026, 11, 21, 12, 0, 0, DateTimeKind.Utc);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void RemoveUnfinished_TakesWhatDeadProcessesLeft_AndNothingElse()
    {
        var dead = DeadProcess();
        var hourAgo = Now.AddHours(-1);
        string[] left =
        [
            Write($"manifest.json.{dead}.tmp", hourAgo),
            Write($"compiled/models/a.sql.{dead}.tmp", hourAgo),
            Write($"cache/ls.{dead}.tmp", hourAgo),
        ];
        string[] kept =
        [
            Write("manifest.json", hourAgo),
            Write($"manifest.json.{Environment.ProcessId}.tmp", hourAgo),
            Write($"run_results.json.{dead}.tmp", Now.AddSeconds(-1)),
            Write($"lake.duckdb.{dead}.tmp", hourAgo),
            Write("compiled/models/a.tmp", hourAgo),
            Write($"mine/notes.{dead}.tmp", hourAgo),
        ];

        new ArtifactFolder(_folder.Path, new Redactor()).RemoveUnfinished(Now);

        left.Where(File.Exists).ShouldBeEmpty();
        kept.Where(file => !File.Exists(file)).ShouldBeEmpty();
    }

    [Fact]
    public void RemoveUnfinished_NoFolderYet_DoesNothing() =>
        new ArtifactFolder(Path.Combine(_folder.Path, "target"), new Redactor()).RemoveUnfinished(Now);

    private string Write(string name, DateTime at)
    {
        var path = _folder.Write(name, "{");
        File.SetLastWriteTimeUtc(path, at);
        return path;
    }

    private static string DeadProcess()
    {
        using var process =
            Process.Start(new ProcessStartInfo("true")) ?? throw new InvalidOperationException();
        process.WaitForExit();
        return process.Id.ToString(CultureInfo.InvariantCulture);
    }
}
