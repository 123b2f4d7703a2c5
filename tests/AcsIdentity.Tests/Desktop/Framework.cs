using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Reflection.Metadata;

namespace AcsIdentity.Tests.Desktop;

/// <summary>
/// Resolves references like the .NET Framework with ModuleAssemblies: first in the Framework, if it has the requested version
/// or a newer one, then by name in the module.
/// </summary>
/// <param name="frameworkFolder">The Framework's reference assemblies.</param>
/// <param name="moduleFiles">The assemblies of the module.</param>
internal sealed class Framework(string frameworkFolder, IEnumerable<string> moduleFiles) : IDisposable
{
    /// <summary>Windows PowerShell's own assembly. No package of reference assemblies has it.</summary>
    private const string Host = "System.Management.Automation";

    private readonly Dictionary<string, AssemblyFile> _module = moduleFiles.Select(path => new AssemblyFile(path)).ToDictionary(file => file.Name);
    private readonly Dictionary<string, AssemblyFile?> _framework = [];

    public void Dispose()
    {
        foreach (AssemblyFile? file in _module.Values.Concat(_framework.Values))
        {
            file?.Dispose();
        }
    }

    /// <summary>Describes the references of the module's assemblies that do not resolve.</summary>
    public IEnumerable<string> MissingReferences() => _module.Values.SelectMany(file =>
        Assemblies(file).Concat(Types(file)).Concat(Members(file)).Select(missing => $"{file.Name} needs {missing}"));

    public TypeIdentity? Resolve(AssemblyFile file, TypeReferenceHandle handle)
    {
        EntityHandle scope = file.ScopeOf(handle);
        string name = file.NameOf(handle);
        return scope.Kind == HandleKind.AssemblyReference ? Find(file, (AssemblyReferenceHandle)scope, name) : Find(file, name);
    }

    private IEnumerable<string> Assemblies(AssemblyFile file) =>
        from handle in file.Metadata.AssemblyReferences
        where !IsHost(file, handle) && Find(file, handle) is null
        let reference = file.Metadata.GetAssemblyReference(handle)
        select $"{file.Metadata.GetString(reference.Name)} {reference.Version}";

    private IEnumerable<string> Types(AssemblyFile file) =>
        from handle in file.Metadata.TypeReferences
        where !IsHost(file, file.ScopeOf(handle)) && Resolve(file, handle) is null
        select file.NameOf(handle);

    private IEnumerable<string> Members(AssemblyFile file)
    {
        var signatures = new SignatureReader(file, this);
        foreach (MemberReference member in file.Metadata.MemberReferences.Select(file.Metadata.GetMemberReference))
        {
            SignatureType? parent = ParentOf(signatures, file, member.Parent);
            string name = file.Metadata.GetString(member.Name);
            string signature = member.GetKind() == MemberReferenceKind.Method
                ? SignatureReader.TextOf(member.DecodeMethodSignature(signatures, []))
                : member.DecodeFieldSignature(signatures, []).Text;
            // A type without a definition is reported already, or belongs to the host, or is an array, whose methods the runtime makes.
            if (parent?.Definition is { } type && !Has(type, [], member.GetKind(), name, signature))
            {
                yield return $"{type.Text}.{name}: {signature}";
            }
        }
    }

    private static SignatureType? ParentOf(SignatureReader signatures, AssemblyFile file, EntityHandle parent) => parent.Kind switch
    {
        _ when parent.IsNil => null,
        HandleKind.TypeReference => signatures.GetTypeFromReference(file.Metadata, (TypeReferenceHandle)parent, 0),
        HandleKind.TypeDefinition => signatures.GetTypeFromDefinition(file.Metadata, (TypeDefinitionHandle)parent, 0),
        HandleKind.TypeSpecification => signatures.GetTypeFromSpecification(file.Metadata, [], (TypeSpecificationHandle)parent, 0),
        _ => null,
    };

    /// <summary>Returns whether a type or one of its base types has a member.</summary>
    private bool Has(TypeIdentity type, ImmutableArray<SignatureType> arguments, MemberReferenceKind kind, string name, string signature)
    {
        MetadataReader metadata = type.File.Metadata;
        TypeDefinition definition = metadata.GetTypeDefinition(type.Handle);
        var signatures = new SignatureReader(type.File, this);
        IEnumerable<string> same = kind == MemberReferenceKind.Method
            ? definition.GetMethods().Select(metadata.GetMethodDefinition)
                .Where(method => metadata.StringComparer.Equals(method.Name, name))
                .Select(method => SignatureReader.TextOf(method.DecodeSignature(signatures, arguments)))
            : definition.GetFields().Select(metadata.GetFieldDefinition)
                .Where(field => metadata.StringComparer.Equals(field.Name, name))
                .Select(field => field.DecodeSignature(signatures, arguments).Text);
        return same.Contains(signature)
            || (ParentOf(signatures, type.File, definition.BaseType) is { Definition: { } ancestor } inherited
                && Has(ancestor, inherited.Arguments, kind, name, signature));
    }

    private TypeIdentity? Find(AssemblyFile file, AssemblyReferenceHandle assembly, string typeName) =>
        Find(file, assembly) is { } target ? Find(target, typeName) : null;

    private TypeIdentity? Find(AssemblyFile file, string typeName) =>
        file.Types.TryGetValue(typeName, out TypeDefinitionHandle type) ? new TypeIdentity(file, type)
        : file.Forwards.TryGetValue(typeName, out AssemblyReferenceHandle target) ? Find(file, target, typeName)
        : null;

    private AssemblyFile? Find(AssemblyFile file, AssemblyReferenceHandle handle)
    {
        AssemblyReference reference = file.Metadata.GetAssemblyReference(handle);
        string name = file.Metadata.GetString(reference.Name);
        return new[] { OfFramework(name), _module.GetValueOrDefault(name) }.FirstOrDefault(candidate => candidate?.Version >= reference.Version);
    }

    private AssemblyFile? OfFramework(string name)
    {
        if (!_framework.TryGetValue(name, out AssemblyFile? file))
        {
            string[] paths = [Path.Combine(frameworkFolder, name + ".dll"), Path.Combine(frameworkFolder, "Facades", name + ".dll")];
            file = paths.FirstOrDefault(File.Exists) is { } path ? new AssemblyFile(path) : null;
            _framework.Add(name, file);
        }

        return file;
    }

    private static bool IsHost(AssemblyFile file, EntityHandle scope) =>
        scope.Kind == HandleKind.AssemblyReference
        && file.Metadata.StringComparer.Equals(file.Metadata.GetAssemblyReference((AssemblyReferenceHandle)scope).Name, Host);
}
