namespace Mimir.Architecture.Metadata;

/// <summary>One type names another, anywhere: base, interface, field, signature, attribute, local or instruction.</summary>
/// <param name="From">Full name of the outermost type that names it.</param>
/// <param name="FromNamespace">Its namespace.</param>
/// <param name="To">Full name of the outermost type named.</param>
/// <param name="ToNamespace">Its namespace.</param>
/// <param name="ToAssembly">Simple name of the assembly the named type lives in.</param>
internal readonly record struct TypeUse(string From, string FromNamespace, string To, string ToNamespace, string ToAssembly);
