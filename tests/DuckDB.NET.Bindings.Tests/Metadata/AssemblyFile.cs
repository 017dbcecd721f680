using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Strata.Bindings.Tests.Metadata;

/// <summary>What an assembly offers, and what it asks of another one, read from its metadata without loading it.</summary>
internal sealed class AssemblyFile : IDisposable
{
    private readonly PEReader _file;
    private readonly MetadataReader _metadata;
    private readonly SignatureText _text;

    public AssemblyFile(string path)
    {
        _file = new PEReader(File.OpenRead(path));
        _metadata = _file.GetMetadataReader();
        _text = new SignatureText(_metadata);
    }

    public AssemblyName Identity => _metadata.GetAssemblyDefinition().GetAssemblyName();

    public AssemblyName ReferenceTo(string assembly) =>
        _metadata
            .AssemblyReferences.Select(handle => _metadata.GetAssemblyReference(handle).GetAssemblyName())
            .Single(name => name.Name == assembly);

    /// <summary>The types of another assembly that this one names.</summary>
    public IEnumerable<string> TypesAskedOf(string assembly) =>
        _metadata.TypeReferences.Where(type => Scope(type) == assembly).Select(_text.Name);

    /// <summary>The methods and fields of another assembly's types that this one names.</summary>
    public IEnumerable<string> MembersAskedOf(string assembly)
    {
        foreach (var handle in _metadata.MemberReferences)
        {
            var member = _metadata.GetMemberReference(handle);
            if (member.Parent.Kind != HandleKind.TypeReference)
                continue;
            var owner = (TypeReferenceHandle)member.Parent;
            if (Scope(owner) != assembly)
                continue;
            var name = _metadata.GetString(member.Name);
            yield return member.GetKind() == MemberReferenceKind.Field
                ? _text.Field(_text.Name(owner), name, member.DecodeFieldSignature(_text, null))
                : _text.Method(_text.Name(owner), name, member.DecodeMethodSignature(_text, null));
        }
    }

    public IEnumerable<string> TypesOffered() =>
        _metadata
            .TypeDefinitions.Where(handle =>
                (_metadata.GetTypeDefinition(handle).Attributes & TypeAttributes.VisibilityMask)
                    is TypeAttributes.Public
                        or TypeAttributes.NestedPublic
            )
            .Select(_text.Name);

    public IEnumerable<string> MembersOffered()
    {
        foreach (var handle in _metadata.TypeDefinitions)
        {
            var owner = _text.Name(handle);
            var type = _metadata.GetTypeDefinition(handle);
            foreach (var method in type.GetMethods().Select(_metadata.GetMethodDefinition))
            {
                if ((method.Attributes & MethodAttributes.MemberAccessMask) == MethodAttributes.Public)
                    yield return _text.Method(
                        owner,
                        _metadata.GetString(method.Name),
                        method.DecodeSignature(_text, null)
                    );
            }
            foreach (var field in type.GetFields().Select(_metadata.GetFieldDefinition))
            {
                if ((field.Attributes & FieldAttributes.FieldAccessMask) == FieldAttributes.Public)
                    yield return _text.Field(
                        owner,
                        _metadata.GetString(field.Name),
                        field.DecodeSignature(_text, null)
                    );
            }
        }
    }

    /// <summary>The native functions that this assembly imports.</summary>
    public IEnumerable<string> NativeEntryPoints() =>
        _metadata
            .MethodDefinitions.Select(handle => _metadata.GetMethodDefinition(handle).GetImport())
            .Where(import => !import.Module.IsNil)
            .Select(import => _metadata.GetString(import.Name))
            .Distinct();

    private string Scope(TypeReferenceHandle handle)
    {
        var scope = _metadata.GetTypeReference(handle).ResolutionScope;
        return scope.Kind switch
        {
            HandleKind.TypeReference => Scope((TypeReferenceHandle)scope),
            HandleKind.AssemblyReference => _metadata.GetString(
                _metadata.GetAssemblyReference((AssemblyReferenceHandle)scope).Name
            ),
            _ => "",
        };
    }

    public void Dispose() => _file.Dispose();
}
