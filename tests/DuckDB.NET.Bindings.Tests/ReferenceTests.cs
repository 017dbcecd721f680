using System.Runtime.InteropServices;
using DuckDB.NET.Data;
using DuckDB.NET.Native;
using Strata.Bindings.Tests.Metadata;

namespace Strata.Bindings.Tests;

/// <summary>Nothing that DuckDB.NET.Data asks for is missing, so no call can fail to resolve at run time.</summary>
public sealed class ReferenceTests : IDisposable
{
    private const string Bindings = "DuckDB.NET.Bindings";

    private readonly AssemblyFile _data = new(typeof(DuckDBConnection).Assembly.Location);
    private readonly AssemblyFile _bindings = new(typeof(NativeMethods).Assembly.Location);

    [Fact]
    public void Identity_OfBindings_IsTheOneThatDataAsksFor()
    {
        var wanted = _data.ReferenceTo(Bindings);
        var offered = _bindings.Identity;

        offered.Version.ShouldBe(wanted.Version);
        offered.GetPublicKeyToken().ShouldBe(wanted.GetPublicKeyToken());
    }

    [Fact]
    public void Types_ThatDataNames_AreAllOffered()
    {
        var wanted = _data.TypesAskedOf(Bindings).ToList();

        wanted.Count.ShouldBeGreaterThan(50);
        wanted.Except(_bindings.TypesOffered()).ShouldBeEmpty();
    }

    [Fact]
    public void Members_ThatDataNames_AreAllOfferedWithTheSameSignature()
    {
        var wanted = _data.MembersAskedOf(Bindings).ToList();

        wanted.Count.ShouldBeGreaterThan(200);
        wanted.Except(_bindings.MembersOffered()).ShouldBeEmpty();
    }

    [Fact]
    public void EntryPoints_OfBindings_AllExistInTheLoadedLibrary()
    {
        var library = NativeLibrary.Load(
            "duckdb",
            typeof(NativeMethods).Assembly,
            DllImportSearchPath.AssemblyDirectory
        );
        var imported = _bindings.NativeEntryPoints().ToList();

        imported.Count.ShouldBeGreaterThan(150);
        imported.Where(name => !NativeLibrary.TryGetExport(library, name, out _)).ShouldBeEmpty();
    }

    [Fact]
    public void Version_OfTheLoadedLibrary_IsTheOneThatDataWasBuiltFor() =>
        NativeMethods
            .Startup.DuckDBLibraryVersion()
            .ShouldBe($"v{_data.Identity.Version!.ToString(fieldCount: 3)}");

    public void Dispose()
    {
        _data.Dispose();
        _bindings.Dispose();
    }
}
