namespace Strata.Runner.SourceFreshness;

/// <summary>Where the instant comes from at which a source was last loaded.</summary>
public enum LoadedAtBasis
{
    /// <summary>The greatest value of <c>loaded_at_field</c>.</summary>
    Field,

    /// <summary>What <c>loaded_at_query</c> gives.</summary>
    Query,

    /// <summary>The last write of the newest file that has landed.</summary>
    NewestFile,

    /// <summary>The publish that last took in a file (<c>loaded_at_field: _ingested_at</c>).</summary>
    LastIngest,
}
