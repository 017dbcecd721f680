using System.Text;
using Strata.Compiler.Sql;
using Strata.Runner.Results;

namespace Strata.Cli.Session;

/// <summary>The queries of a run's failing tests as files, to be opened in whatever client one likes.</summary>
public static class FailingQueries
{
    public const string Folder = "failing";
    private const int LongestName = 120;

    /// <summary>Replaces the files of the run before.</summary>
    public static void Write(ArtifactFolder artifacts, RunResult result)
    {
        artifacts.Remove(Folder);
        foreach (var test in result.Nodes.SelectMany(node => node.Tests))
        {
            if (PathOf(test) is { } path)
                artifacts.WriteSql(path, $"{test.FailingRowsSql};\n", Remark(test));
        }
    }

    /// <summary>Relative to the artifact folder; null for a test that has no such query.</summary>
    public static string? PathOf(TestResult test) =>
        test.FailingRowsSql is null ? null : $"{Folder}/{FileName(test.Test.Name)}.sql";

    private static string Remark(TestResult test)
    {
        var text = new StringBuilder();
        text.Append("-- ")
            .Append(test.Diagnostics.FirstOrDefault()?.Message.ReplaceLineEndings(" "))
            .Append('\n');
        text.Append("-- ").Append(test.Test.Declaration).Append('\n');
        if (test.ReadsStage)
            text.Append(
                "-- the failing rows were staged but not published: this query reads what readers see now, without them\n"
            );
        if (test.StoredIn is { } stored)
            text.Append("-- the failing rows of that run are in ").Append(stored).Append('\n');
        return text.ToString();
    }

    // a test's name may hold anything; a file's may not
    private static string FileName(string name) =>
        Identifiers.Fit(
            string.Concat(name.Select(c => char.IsLetterOrDigit(c) || c is '_' or '-' or '.' ? c : '_')),
            LongestName
        );
}
