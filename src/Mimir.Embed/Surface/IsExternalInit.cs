#if !NET
namespace System.Runtime.CompilerServices;

/// <summary>What the compiler needs for records on the older surface.</summary>
internal static class IsExternalInit;
#endif
