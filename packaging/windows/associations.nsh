; Offers DemixME for songs, never takes them over; .demix files are ours. All of it for this person only.
!macro WriteOpen KEY
  WriteRegStr HKCU "${CLASSES}\${KEY}\shell\open" "MultiSelectModel" "Player"
  WriteRegStr HKCU "${CLASSES}\${KEY}\shell\open\command" "" '"$INSTDIR\DemixME.exe" "%1"'
  WriteRegStr HKCU "${CLASSES}\${KEY}\DefaultIcon" "" "$INSTDIR\DemixME.exe,0"
!macroend

!macro WriteSongType TYPE
  WriteRegStr HKCU "${CLASSES}\Applications\DemixME.exe\SupportedTypes" ".${TYPE}" ""
  WriteRegStr HKCU "${CLASSES}\.${TYPE}\OpenWithProgids" "DemixME.Song" ""
!macroend

!macro RemoveSongType TYPE
  DeleteRegValue HKCU "${CLASSES}\.${TYPE}\OpenWithProgids" "DemixME.Song"
  DeleteRegKey /ifempty HKCU "${CLASSES}\.${TYPE}\OpenWithProgids"
  DeleteRegKey /ifempty HKCU "${CLASSES}\.${TYPE}"
!macroend

!macro TellExplorer
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
!macroend

!macro WriteAssociations
  WriteRegStr HKCU "${CLASSES}\Applications\DemixME.exe" "FriendlyAppName" "DemixME"
  !insertmacro WriteOpen "Applications\DemixME.exe"
  WriteRegStr HKCU "${CLASSES}\DemixME.Song" "" "Song"
  !insertmacro WriteOpen "DemixME.Song"
  WriteRegStr HKCU "${CLASSES}\DemixME.Session" "" "DemixME session"
  !insertmacro WriteOpen "DemixME.Session"
  WriteRegStr HKCU "${CLASSES}\.demix" "" "DemixME.Session"
  !insertmacro EachSongType WriteSongType
  !insertmacro TellExplorer
!macroend

!macro RemoveAssociations
  !insertmacro EachSongType RemoveSongType
  ReadRegStr $0 HKCU "${CLASSES}\.demix" ""
  ${If} $0 == "DemixME.Session"
    DeleteRegValue HKCU "${CLASSES}\.demix" ""
    DeleteRegKey /ifempty HKCU "${CLASSES}\.demix"
  ${EndIf}
  DeleteRegKey HKCU "${CLASSES}\DemixME.Session"
  DeleteRegKey HKCU "${CLASSES}\DemixME.Song"
  DeleteRegKey HKCU "${CLASSES}\Applications\DemixME.exe"
  !insertmacro TellExplorer
!macroend
