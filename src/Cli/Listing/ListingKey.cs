using System.Buffers.Binary;
using System.Collections.Immutable;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using Strata.Cli.Session;
using Strata.Compiler.Project;
using Strata.Runner.Feeds;
using Strata.Tests.Engine.Catalog;

namespace Strata.Cli.Listing;

/// <summary>
/// Everything that a listing, or compiled SQL, depends on: the content of every file of the project, the environment variables and
/// the options that were read, this build of strata. Two equal hashes mean the same result.
/// </summary>
/// <param name="Folders">The folders with files of the project, relative to it.</param>
/// <param name="Included">Other files that templates include, relative to the project.</param>
/// <param name="Variables">Names of the environment variables that were read.</param>
public sealed record ListingKey(
    ImmutableArray<string> Folders,
    ImmutableArray<string> Included,
    ImmutableArray<string> Variables
)
{
    /// <summary>The files that are there now, always in the same order: absolute paths.</summary>
    public ImmutableArray<string> FilesOf(ListingInputs inputs) =>
        [
            Path.Combine(inputs.ProjectFolder, ProjectLocator.ProjectFile),
            inputs.ProfilesFile,
            .. Folders.SelectMany(folder =>
                ProjectSources
                    .List(inputs.ProjectFolder, folder)
                    .Select(file => Path.Combine(inputs.ProjectFolder, folder, file))
            ),
            .. Included.Select(file => Path.Combine(inputs.ProjectFolder, file)),
        ];

    /// <summary>Looks at the files as they are now.</summary>
    /// <param name="files">What <see cref="FilesOf"/> gave.</param>
    /// <param name="today">Templates may ask for the time; what they make of it is trusted for a day. Null where none does.</param>
    /// <exception cref="AggregateException">A file cannot be read.</exception>
    public UInt128 Hash(ListingInputs inputs, IReadOnlyList<string> files, DateOnly? today)
    {
        var hash = new XxHash128();
        Add(hash, typeof(ListingKey).Module.ModuleVersionId.ToByteArray());
        Add(hash, typeof(ProjectSources).Module.ModuleVersionId.ToByteArray());
        Add(hash, typeof(ShownChanges).Module.ModuleVersionId.ToByteArray());
        Add(hash, typeof(ExpectationCatalog).Module.ModuleVersionId.ToByteArray());
        Add(hash, today?.DayNumber.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Add(hash, inputs.Target);
        Add(hash, inputs.Vars);
        foreach (var name in Variables)
        {
            Add(hash, name);
            Add(hash, inputs.Environment.GetValueOrDefault(name));
        }
        var contents = new byte[files.Count][];
        Parallel.For(0, files.Count, i => contents[i] = XxHash128.Hash(File.ReadAllBytes(files[i])));
        for (var i = 0; i < contents.Length; i++)
        {
            Add(hash, files[i]);
            Add(hash, contents[i]);
        }
        return hash.GetCurrentHashAsUInt128();
    }

    private static void Add(XxHash128 hash, string? text)
    {
        // a missing value is not an empty one
        if (text is null)
            AddLength(hash, -1);
        else
            Add(hash, MemoryMarshal.AsBytes(text.AsSpan()));
    }

    private static void Add(XxHash128 hash, ReadOnlySpan<byte> bytes)
    {
        AddLength(hash, bytes.Length);
        hash.Append(bytes);
    }

    private static void AddLength(XxHash128 hash, int length)
    {
        Span<byte> size = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(size, length);
        hash.Append(size);
    }
}
