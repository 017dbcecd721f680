using Strata.Tests.Engine.Catalog;

namespace Strata.Tests.Engine.Tests.Reference;

public sealed class PackageNamesTests
{
    [Fact]
    public void Names_OfDbtAndItsPackages_AreAllInTheCatalogue() =>
        PackageNames.All.Where(name => !ExpectationCatalog.Instance.IsKnown(name)).ShouldBeEmpty();

    [Fact]
    public void Catalogue_HasNoNameOfAPackage_ThatThePackageHasNot() =>
        ExpectationCatalog
            .Instance.Names.Where(name => name.Contains('.') && !PackageNames.All.Contains(name))
            .ShouldBeEmpty();

    [Fact]
    public void Names_OfEachPackage_AreDifferent() =>
        PackageNames.All.GroupBy(name => name).Where(some => some.Count() > 1).ShouldBeEmpty();
}
