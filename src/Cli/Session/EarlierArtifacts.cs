using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Graph.Comparing;
using Strata.Compiler.Graph.Selection;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Json;

namespace Strata.Cli.Session;

/// <summary>Reads the artifacts of earlier runs, as far as a selection asks for them.</summary>
public sealed class EarlierArtifacts
{
    private readonly SelectionCriteria _criteria;
    private readonly string? _state;
    private readonly string _artifacts;
    private readonly Func<string, string> _shorten;
    private readonly DiagnosticBag _diagnostics;

    private EarlierArtifacts(
        SelectionCriteria criteria,
        string? state,
        string artifacts,
        Func<string, string> shorten,
        DiagnosticBag diagnostics
    ) =>
        (_criteria, _state, _artifacts, _shorten, _diagnostics) = (
            criteria,
            state,
            artifacts,
            shorten,
            diagnostics
        );

    /// <param name="state">The folder that <c>--state</c> names, absolute; null without.</param>
    /// <param name="artifacts">The folder of the project's own artifacts: results of the last run are there.</param>
    /// <param name="project">What the project is now; null only for a selection without <c>state:</c>.</param>
    /// <param name="shorten">Makes a path one that a user likes to read.</param>
    /// <returns>Null, after saying why, when something that is asked for cannot be read.</returns>
    public static EarlierRuns? Read(
        SelectionCriteria criteria,
        string? state,
        string artifacts,
        ProjectManifest? project,
        Func<string, string> shorten,
        DiagnosticBag diagnostics
    )
    {
        var reader = new EarlierArtifacts(criteria, state, artifacts, shorten, diagnostics);
        var earlier = new EarlierRuns
        {
            Comparison = reader.Compare(project),
            Results = reader.ReadResults(),
            FresherSources = reader.FindFresher(),
        };
        return diagnostics.HasErrors ? null : earlier;
    }

    private ProjectComparison? Compare(ProjectManifest? project) =>
        project is not null
        && Find(SelectionMethod.State, _state, ArtifactFolder.Manifest, "strata compile", ManifestReader.Read)
            is { } before
            ? new ProjectComparison(before, ManifestReader.Of(project))
            : null;

    // what the last run did lies among the project's own artifacts
    private ImmutableDictionary<string, string>? ReadResults() =>
        Find(
            SelectionMethod.Result,
            _state ?? _artifacts,
            // a run that could not start says nothing of nodes: those that failed before it have failed still
            ArtifactFolder.AreOfNoRun(_state ?? _artifacts)
                ? ArtifactFolder.LastRunResults
                : ArtifactFolder.RunResults,
            "strata build",
            stream =>
                Results(stream)
                    .Select(result => (Id: Text(result, "unique_id"), Status: Text(result, "status")))
                    .DistinctBy(result => result.Id)
                    .ToImmutableDictionary(result => result.Id, result => result.Status)
        );

    private ImmutableHashSet<string>? FindFresher()
    {
        var before = ReadSources(_state);
        var now = before is null ? null : ReadSources(_artifacts);
        return before is null || now is null ? null : SourceAges.Fresher(before, now);
    }

    private ImmutableDictionary<string, DateTimeOffset>? ReadSources(string? folder) =>
        Find(
            SelectionMethod.SourceStatus,
            folder,
            ArtifactFolder.Sources,
            "strata source freshness",
            stream =>
                Results(stream)
                    // where asking failed there is no such instant
                    .Where(result =>
                        result.TryGetProperty("max_loaded_at", out var at)
                        && at.ValueKind == JsonValueKind.String
                    )
                    .DistinctBy(result => Text(result, "unique_id"))
                    .ToImmutableDictionary(
                        result => Text(result, "unique_id"),
                        result =>
                            result.GetProperty("max_loaded_at").TryGetDateTimeOffset(out var at)
                                ? at
                                : throw new JsonException(
                                    $"'max_loaded_at' of '{Text(result, "unique_id")}' is not an instant"
                                )
                    )
        );

    /// <summary>Reads an artifact, if the selection has a method that needs it.</summary>
    /// <param name="folder">Null where nothing says in which folder it is.</param>
    /// <param name="writer">The command that writes it.</param>
    private T? Find<T>(
        SelectionMethod method,
        string? folder,
        string name,
        string writer,
        Func<Stream, T> read
    )
        where T : class
    {
        if (folder is null || _criteria.FindUse(method) is not { } use)
            return null;
        var path = Path.Combine(folder, name);
        if (File.Exists(folder))
        {
            path = folder;
            Report("is a file", $"'--state' takes the folder with '{name}' in it");
            return null;
        }
        try
        {
            using var stream = File.OpenRead(path);
            return read(stream);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            Report(
                "does not exist",
                name == ArtifactFolder.LastRunResults
                    ? $"'{ArtifactFolder.RunResults}' beside it is from a run that could not start; the one of the run before is kept under this name: copy both"
                    : $"'{writer}' writes it; '--state' takes the folder that it is in"
            );
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Report($"cannot be read: {exception.Message}", "check the file's permissions");
        }
        catch (JsonException exception)
        {
            // of what is no JSON the reader tells the line; the rest is said here, and in the words of the project
            var reason = exception.LineNumber is { } line
                ? string.Create(CultureInfo.InvariantCulture, $"it is not JSON from line {line + 1} on")
                : exception.Message;
            Report($"is not what '{writer}' writes: {reason}", "copy it again from that run");
        }
        catch (Exception exception)
            when (exception is InvalidOperationException or KeyNotFoundException or FormatException)
        {
            Report(
                $"is not what '{writer}' writes: parts of it have another structure",
                "copy it again from that run"
            );
        }
        return null;

        void Report(string reason, string hint) =>
            _diagnostics.Add(SelectionDiagnostics.BadEarlierRun(use.Span, _shorten(path), reason, hint));
    }

    private static List<JsonElement> Results(Stream stream)
    {
        using var document = JsonDocument.Parse(stream);
        if (
            document.RootElement.ValueKind != JsonValueKind.Object
            || !document.RootElement.TryGetProperty("results", out var results)
            || results.ValueKind != JsonValueKind.Array
        )
            throw new JsonException("it has no list 'results'");
        var read = results.EnumerateArray().Select(result => result.Clone()).ToList();
        var other = read.FindIndex(result =>
            result.ValueKind != JsonValueKind.Object || !HasText(result, "unique_id")
        );
        if (other >= 0)
            throw new JsonException(
                string.Create(CultureInfo.InvariantCulture, $"result {other + 1} has no text 'unique_id'")
            );
        return read;
    }

    private static bool HasText(JsonElement json, string name) =>
        json.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String;

    private static string Text(JsonElement json, string name) =>
        HasText(json, name)
            ? json.GetProperty(name).GetString() ?? ""
            : throw new JsonException($"the result of '{Text(json, "unique_id")}' has no text '{name}'");
}
