using Xunit;

namespace Strata.Testing;

/// <summary>A fact that needs test data from <see cref="Corpora"/> and is skipped where it is absent.</summary>
public sealed class CorporaFactAttribute : FactAttribute
{
    public CorporaFactAttribute(string relative) => Skip = Corpora.SkipReason(relative);
}
