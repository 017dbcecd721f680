using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Text;
using System.Text.Json;
using Strata.Cli.Compiled;
using Strata.Cli.Output;
using Strata.Runner.Results;

namespace Strata.Cli.Session;

/// <summary>The folder of artifacts: only names that are listed here are ever written or removed.</summary>
public sealed class ArtifactFolder(string folder, Redactor redactor)
{
    public const string Manifest = "manifest.json";
    public const string RunResults = "run_results.json";

    /// <summary>The results of the last run that began, while <see cref="RunResults"/> is of one that could not.</summary>
    public const string LastRunResults = "last_run_results.json";
    public const string Sources = "sources.json";

    /// <summary>The page that describes the project.</summary>
    public const string Docs = "docs.html";
    public const string Compiled = "compiled";
    public const string Cache = "cache";

    /// <summary>In <see cref="Cache"/>: what was compiled into the folder.</summary>
    public const string CompiledRecord = "compiled.bin";

    private const string Unfinished = ".tmp";

    // folders that were made, or were there: thousands of files go into few of them
    private readonly ConcurrentDictionary<string, bool> _made = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, FileStamp> _written = new(StringComparer.Ordinal);
    private static readonly TimeSpan JustNow = TimeSpan.FromSeconds(10);

    private static readonly string[] Names =
    [
        Manifest,
        RunResults,
        LastRunResults,
        Sources,
        Docs,
        Compiled,
        Cache,
        FailingQueries.Folder,
    ];

    public string Path { get; } = folder;

    /// <summary>
    /// Every file that was written, or held already what would have been: path relative to the folder, sorted, and the stamp that it had with
    /// this content, whatever another process has made of it since.
    /// </summary>
    public IEnumerable<KeyValuePair<string, FileStamp>> Written =>
        _written.OrderBy(file => file.Key, StringComparer.Ordinal);

    /// <summary>The artifacts that are there; a database or a user's own file beside them is none.</summary>
    public static IEnumerable<string> OwnEntries(string folder) =>
        Names.Select(name => System.IO.Path.Combine(folder, name)).Where(System.IO.Path.Exists);

    /// <summary>
    /// Removes what processes that were killed while they wrote an artifact have left of it. What a process that is alive is
    /// writing stays, and so does what is only just there: a process elsewhere may share the folder.
    /// </summary>
    public void RemoveUnfinished(DateTime nowUtc)
    {
        var files = Names
            .Where(name => System.IO.Path.HasExtension(name) && Directory.Exists(Path))
            .SelectMany(name => Directory.EnumerateFiles(Path, $"{name}.*{Unfinished}"))
            .Concat(
                Names
                    .Where(name => !System.IO.Path.HasExtension(name))
                    .Select(name => System.IO.Path.Combine(Path, name))
                    .Where(Directory.Exists)
                    .SelectMany(folder =>
                        Directory.EnumerateFiles(folder, $"*{Unfinished}", SearchOption.AllDirectories)
                    )
            )
            .ToList();
        foreach (var file in files)
        {
            // <name>.<process>.tmp
            var process = System.IO.Path.GetExtension(System.IO.Path.GetFileNameWithoutExtension(file));
            if (
                process.Length > 1
                && int.TryParse(process[1..], NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && File.GetLastWriteTimeUtc(file) < nowUtc - JustNow
                && !IsAlive(id)
            )
                File.Delete(file);
        }
    }

    private static bool IsAlive(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Removes what is remembered of earlier compiled files: others are about to be written.</summary>
    public void ForgetCompiled()
    {
        try
        {
            var record = System.IO.Path.Combine(Path, Cache, CompiledRecord);
            if (File.Exists(record))
                File.Delete(record);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // it tells by their stamps that the files are others
        }
    }

    /// <summary>Removes one of the folder's own subfolders.</summary>
    public void Remove(string name)
    {
        var path = System.IO.Path.Combine(Path, name);
        if (Names.Contains(name) && Directory.Exists(path))
            Directory.Delete(path, recursive: true);
    }

    /// <summary>Keeps the results of the last run that began where those of one that could not are about to be written.</summary>
    public void KeepResults()
    {
        var path = System.IO.Path.Combine(Path, RunResults);
        if (!File.Exists(path) || AreOfNoRun(Path))
            return;
        Replace(LastRunResults, File.ReadAllText(path));
    }

    /// <summary>Removes what <see cref="KeepResults"/> has kept, once there are newer results.</summary>
    public void ForgetKeptResults() => File.Delete(System.IO.Path.Combine(Path, LastRunResults));

    /// <summary>Whether the results in a folder are of a run that could not start.</summary>
    public static bool AreOfNoRun(string folder)
    {
        try
        {
            using var stream = File.OpenRead(System.IO.Path.Combine(folder, RunResults));
            return RunResultsJson.IsNotStarted(stream);
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            // whoever reads them will say what is wrong with them
            return false;
        }
    }

    /// <summary>Writes the project's SQL, unless the file holds it already: as it is, for another text would be another query.</summary>
    /// <param name="name">Relative to the folder, with '/' separators.</param>
    /// <param name="remark">What stands above it, with secrets masked.</param>
    public void WriteSql(string name, string sql, string remark = "")
    {
        var path = System.IO.Path.Combine(Path, name);
        var text = redactor.Redact(remark) + sql;
        // before it is read: what comes later is another stamp
        var stamp = FileStamp.Of(path);
        if (stamp.Length >= 0 && File.ReadAllText(path) == text)
            _written[name] = stamp;
        else
            Replace(name, text);
    }

    /// <summary>Writes artifacts of large projects at the same time.</summary>
    /// <exception cref="IOException">The first that could not be written.</exception>
    public static void WriteTogether(params Action[] writes)
    {
        try
        {
            Parallel.Invoke(writes);
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }

    /// <summary>Replaces a JSON artifact, with secrets in its strings masked.</summary>
    /// <param name="write">Writes UTF-8, in blocks each of which ends behind a value or the name of one.</param>
    public void WriteJson(string name, Action<Stream> write) =>
        Replace(
            name,
            file =>
            {
                if (redactor.IsEmpty)
                {
                    write(file);
                    return;
                }
                using var masked = new RedactedJsonStream(file, redactor);
                write(masked);
            }
        );

    /// <summary>Replaces a JSON artifact, with secrets in its strings masked.</summary>
    public void WriteJson(string name, string json) => Replace(name, redactor.RedactJson(json));

    /// <summary>Replaces an XML or HTML artifact, with secrets in its texts masked.</summary>
    public void WriteMarkup(string name, string markup) => Replace(name, redactor.RedactMarkup(markup));

    private void Replace(string name, string text) =>
        Replace(name, file => file.Write(Encoding.UTF8.GetBytes(text)));

    // in one step, so that no reader ever sees half of it
    private void Replace(string name, Action<Stream> write)
    {
        var path = System.IO.Path.Combine(Path, name);
        if (System.IO.Path.GetDirectoryName(path) is { } parent && _made.TryAdd(parent, true))
            Directory.CreateDirectory(parent);
        var temporary = $"{path}.{Environment.ProcessId}{Unfinished}";
        // what is written comes in blocks: nothing needs to be gathered
        using (
            var file = new FileStream(
                temporary,
                FileMode.Create,
                FileAccess.Write,
                FileShare.Read,
                bufferSize: 0
            )
        )
            write(file);
        _written[name] = FileStamp.Of(temporary);
        try
        {
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // a folder has that name, say
            File.Delete(temporary);
            throw;
        }
    }
}
