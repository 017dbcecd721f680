using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Strata.Compiler.Rendering;

namespace Strata.Compiler.Manifest.Building;

/// <summary>SHA-256 over named parts, each with its length, so that no two different lists give the same bytes.</summary>
internal sealed class Fingerprint : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public Fingerprint Add(string name, string? value)
    {
        AddText(name);
        AddText(value ?? "\0");
        return this;
    }

    public Fingerprint Add(string name, IEnumerable<string> values)
    {
        AddText(name);
        var count = 0;
        foreach (var value in values)
        {
            AddText(value);
            count++;
        }
        AddLength(count);
        return this;
    }

    /// <summary>SQL with its references by node, so that it does not matter where these live.</summary>
    public Fingerprint Add(string name, CompiledSql? sql)
    {
        AddText(name);
        if (sql is null)
            return Add("none", "");
        var copied = 0;
        foreach (var reference in sql.References)
        {
            AddText(sql.Text.AsSpan(copied, reference.Span.Start - copied));
            AddText(reference.Kind.ToString());
            AddText(reference.NodeId);
            if (reference.IsWhole)
                AddText("whole");
            copied = reference.Span.End;
        }
        AddText(sql.Text.AsSpan(copied));
        return this;
    }

    public string Compute() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    public void Dispose() => _hash.Dispose();

    private void AddText(ReadOnlySpan<char> text)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(text)];
        Encoding.UTF8.GetBytes(text, bytes);
        AddLength(bytes.Length);
        _hash.AppendData(bytes);
    }

    private void AddLength(int length)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, length);
        _hash.AppendData(bytes);
    }
}
