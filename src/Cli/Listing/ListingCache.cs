using Strata.Compiler.Project;

namespace Strata.Cli.Listing;

/// <summary>Keeps the listing of a project beside its artifacts, so that looking at it again costs no compilation.</summary>
public sealed class ListingCache(string folder, DateTimeOffset now)
{
    private readonly KeptFile _file = new(folder, "listing.bin", now, DateOnly.FromDateTime(now.UtcDateTime));

    /// <returns>Null when there is none, or something has changed.</returns>
    public ProjectListing? Find(ListingInputs inputs) => _file.Find(inputs, ListingFile.Read);

    /// <summary>Keeps a listing; where that is not possible, nothing is lost but time.</summary>
    /// <param name="sources">What the project consists of.</param>
    /// <param name="variables">The environment variables that were read.</param>
    /// <param name="redact">Takes secrets out of texts: what holds one is not kept.</param>
    public void Keep(
        ProjectListing listing,
        ListingInputs inputs,
        ProjectSources sources,
        IEnumerable<string> variables,
        Func<string, string> redact
    ) => _file.Keep(inputs, sources, variables, redact, writer => ListingFile.Write(writer, listing));
}
