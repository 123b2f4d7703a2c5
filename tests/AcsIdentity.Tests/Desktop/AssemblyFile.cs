using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace AcsIdentity.Tests.Desktop;

/// <summary>Reads the metadata of an assembly without loading it. Nested types are named Outer+Inner.</summary>
internal sealed class AssemblyFile : IDisposable
{
    private readonly PEReader _file;

    public AssemblyFile(string path)
    {
        _file = new PEReader(File.OpenRead(path));
        Metadata = _file.GetMetadataReader();
        AssemblyDefinition definition = Metadata.GetAssemblyDefinition();
        Name = Metadata.GetString(definition.Name);
        Version = definition.Version;
        Types = Metadata.TypeDefinitions.ToDictionary(NameOf);
        Forwards = Metadata.ExportedTypes.ToDictionary(NameOf, TargetOf);
    }

    public MetadataReader Metadata { get; }

    public string Name { get; }

    public Version Version { get; }

    public Dictionary<string, TypeDefinitionHandle> Types { get; }

    /// <summary>The assemblies that its former types have moved to.</summary>
    public Dictionary<string, AssemblyReferenceHandle> Forwards { get; }

    public void Dispose() => _file.Dispose();

    public string NameOf(TypeDefinitionHandle handle)
    {
        TypeDefinition type = Metadata.GetTypeDefinition(handle);
        return type.IsNested ? $"{NameOf(type.GetDeclaringType())}+{Metadata.GetString(type.Name)}" : NameOf(type.Namespace, type.Name);
    }

    public string NameOf(TypeReferenceHandle handle)
    {
        TypeReference type = Metadata.GetTypeReference(handle);
        return type.ResolutionScope.Kind == HandleKind.TypeReference
            ? $"{NameOf((TypeReferenceHandle)type.ResolutionScope)}+{Metadata.GetString(type.Name)}"
            : NameOf(type.Namespace, type.Name);
    }

    /// <summary>Returns the scope of a type reference: an assembly, or the module of this file.</summary>
    public EntityHandle ScopeOf(TypeReferenceHandle handle)
    {
        EntityHandle scope = Metadata.GetTypeReference(handle).ResolutionScope;
        return scope.Kind == HandleKind.TypeReference ? ScopeOf((TypeReferenceHandle)scope) : scope;
    }

    private string NameOf(ExportedTypeHandle handle)
    {
        ExportedType type = Metadata.GetExportedType(handle);
        return type.Implementation.Kind == HandleKind.ExportedType
            ? $"{NameOf((ExportedTypeHandle)type.Implementation)}+{Metadata.GetString(type.Name)}"
            : NameOf(type.Namespace, type.Name);
    }

    private AssemblyReferenceHandle TargetOf(ExportedTypeHandle handle)
    {
        EntityHandle implementation = Metadata.GetExportedType(handle).Implementation;
        return implementation.Kind == HandleKind.ExportedType
            ? TargetOf((ExportedTypeHandle)implementation)
            : (AssemblyReferenceHandle)implementation;
    }

    private string NameOf(StringHandle space, StringHandle name) =>
        space.IsNil ? Metadata.GetString(name) : $"{Metadata.GetString(space)}.{Metadata.GetString(name)}";
}
