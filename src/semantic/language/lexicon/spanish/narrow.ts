/** Words that narrow a question by being there. */
export const narrow = `
niño niña bebé lactante recién infantil adolescente juvenil adulto mujeres femenino masculino chica chico
mayores anciano jubilado pensionista principiante novato intermedio experto profesional aficionado estudiante
universitario alumno profesor maestro empleador autónomo emprendedor viajero visitante embarazada embarazo
lactancia diabético vegano vegetariano celíaco perro cachorro gato gatito mascota familia familiar pareja grupo
soltero padre padres madre discapacitado ciego sordo autista alérgico deportista propietario inquilino
arrendador inmigrante refugiado diario diariamente semanal semanalmente mensual mensualmente trimestral anual
anualmente noche nocturno mañana matutino tarde mediodía medianoche madrugada finde laborable invierno verano
primavera otoño estacional navidad navideño pascua halloween vacaciones festivo temprano temprana precoz tardío
primer tercero tercer inicial antiguo antigua medieval reciente recientemente inmediatamente inmediato
instantáneo retroactivo triple mitad parcial parcialmente único única múltiple frecuente frecuentemente
regularmente ocasional ocasionalmente raramente nunca jamás ilimitado limitado promedio adicional extra sólo
solamente únicamente excepto salvo separado individual individualmente gratis gratuito gratuitamente barato
barata económico económica asequible caro lujo lujoso premium pagado remunerado pública privada rebajado
descuento exclusivo reembolsable prepago mayorista minorista exento libre comercial lucro lucrativo alquilado
alquiler online línea internet offline manualmente automática permanente permanentemente temporal temporalmente
provisional remoto remotamente teletrabajo lentamente mano recursivo recursivamente anónimo anónimamente secreto
discretamente físicamente electrónico electrónicamente oralmente escrito silenciosamente fluidez legalmente
ilegal ilegalmente interactivo interactivamente conjuntamente simultáneamente sucesivamente aleatorio
aleatoriamente gradualmente casero artesanal inalámbrico accidentalmente intencionadamente voluntario
voluntariamente directo directa directamente indirecto indoloro ecológico sostenible presencial extranjero
extranjera exterior interior casa domicilio oficina escuela nacional regional americano asiático africano
submarino subterráneo urbano rural campo montaña cerca cercano mundialmente global norte sur oeste dentro severo
grave leve moderado crónico agudo avanzado básico reacondicionado rota dañado mojado húmedo seco congelado
cocinado ahumado enlatado orgánico picante dulce salado ácido cálido gran diminuto enorme gigante moderno
contemporáneo tradicional clásico digital analógico eléctrico solar híbrido pesado ligero grueso delgado fino
ancho estrecho profundo vacío duro blando fuerte débil silencioso oscuro sucio graso sensible rizado natural
artificial sintético madera impermeable portátil recargable reutilizable desechable reciclado comestible
venenoso tóxico peligroso raro amenazado extinto salvaje contagioso hereditario bacteriano viral doloroso
hinchado infectado sano saludable desnatado gluten lactosa descafeinado kosher halal frito asado oculto caducado
vencido robado bloqueado borrado eliminado jornada freelance jubilada desempleado casado divorciado viudo
residente expatriado ciudadano indocumentado menores adoptado penal civil facultativo certificado homologado
registrado asegurado industrial empresarial militar quirúrgico médico religioso laico cifrado encriptado
comprimido anidado nullable opcional asíncrono síncrono estático dinámico dinámicamente inmutable abstracto
virtual paralelo concurrente distribuido embebido nativo multiplataforma responsive duplicado ordenado inverso
descendente ascendente alfabético binario hexadecimal predeterminado personalizado persistente multidimensional
obsoleto experimental móvil independiente condicional peor peores popular famoso favorito top neonato oriental
occidental estival
`
