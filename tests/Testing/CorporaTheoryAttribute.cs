using Xunit;

namespace Strata.Testing;

/// <summary>A theory that needs test data from <see cref="Corpora"/>; where it is absent, its data is not asked for either.</summary>
public sealed class CorporaTheoryAttribute : TheoryAttribute
{
    public CorporaTheoryAttribute(string relative) => Skip = Corpora.SkipReason(relative);
}
