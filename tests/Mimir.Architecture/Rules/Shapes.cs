using Mimir.Architecture.Metadata;
using Mimir.Architecture.Repository;

namespace Mimir.Architecture.Rules;

/// <summary>Where types lie and whether anybody may derive from them.</summary>
internal static class Shapes
{
    /// <summary>Files in which more than one top-level type is written.</summary>
    public static IEnumerable<(string Subject, string Complaint)> CrowdedFiles(AssemblyFile assembly) =>
        from type in assembly.Types
        from document in type.Documents
        let file = Path.GetRelativePath(Repo.Root, document).Replace('\\', '/')
        where !file.Contains("/obj/", StringComparison.Ordinal)
        group type.FullName by file into written
        where written.Count() > 1
        select (written.Key, $"{written.Key} holds {written.Count()} types: {string.Join(", ", written)}");

    /// <summary>Classes that are neither sealed nor abstract though nothing in their assembly derives from them.</summary>
    public static IEnumerable<(string Subject, string Complaint)> OpenClasses(AssemblyFile assembly)
    {
        var bases = assembly.Types.Select(type => type.BaseType).ToHashSet(StringComparer.Ordinal);
        return from type in assembly.Types
               where type.IsOpenClass && type.Documents.Count > 0 && !bases.Contains(type.FullName)
               select (type.FullName, $"{type.FullName} is not sealed");
    }

    /// <summary>Types whose namespace is not the path of their folder.</summary>
    public static IEnumerable<string> Misplaced(AssemblyFile assembly, string project) =>
        from type in assembly.Types
        from document in type.Documents
        let file = Path.GetRelativePath(Repo.Full($"src/{project}"), document).Replace('\\', '/')
        where !file.StartsWith("obj/", StringComparison.Ordinal) && !file.StartsWith("..", StringComparison.Ordinal)
        let folder = Path.GetDirectoryName(file)!.Replace('/', '.')
        let expected = folder.Length == 0 ? project : $"{project}.{folder}"
        where type.Namespace != expected
        select $"{type.FullName} lies in {file}; its namespace should be {expected}";
}
