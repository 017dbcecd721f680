namespace Strata.Adapters.Conformance.DuckDb;

/// <summary>A fact about the large pages of Linux.</summary>
internal sealed class LargePagesFactAttribute : FactAttribute
{
    private const string Setting = "/sys/kernel/mm/transparent_hugepage/enabled";

    public LargePagesFactAttribute() =>
        Skip = File.Exists(Setting) ? null : $"needs a Linux that has large pages: there is no {Setting}";
}
